/* SPDX-License-Identifier: MIT */
#include "lab/closer.h"
#include "sys/fd.h"

void closer_init(struct closer *c)
{
	*c = (struct closer){ 0 };
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->idle, NULL);
}

void closer_add(struct closer *c, int fd)
{
	if (fd < 0)
		return;
	pthread_mutex_lock(&c->lock);
	if (c->n == c->size) {
		size_t size = c->size ? 2 * c->size : 16;
		int *fds = realloc(c->fds, size * sizeof(*fds));

		if (!fds) {
			pthread_mutex_unlock(&c->lock);
			fd_close(fd);	/* slow, and sure */
			return;
		}
		c->fds = fds;
		c->size = size;
	}
	c->fds[c->n++] = fd;
	pthread_mutex_unlock(&c->lock);
}

/* Takes the batch out of @c; the lock is held. */
static int *take_batch(struct closer *c, size_t *ret_n)
{
	int *fds = TAKE_PTR(c->fds);

	*ret_n = c->n;
	c->n = c->size = 0;
	return fds;
}

static void *close_batches(void *arg)
{
	struct closer *c = arg;

	pthread_mutex_lock(&c->lock);
	while (c->n > 0) {
		cleanup_free int *fds = NULL;
		size_t n;

		fds = take_batch(c, &n);
		pthread_mutex_unlock(&c->lock);
		fd_closer_run(fds, n);
		pthread_mutex_lock(&c->lock);
	}
	c->busy = false;
	pthread_cond_signal(&c->idle);
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

void closer_kick(struct closer *c)
{
	pthread_t thread;

	pthread_mutex_lock(&c->lock);
	if (c->n > 0 && !c->busy) {
		c->busy = pthread_create(&thread, NULL, close_batches, c) == 0;
		if (c->busy)
			pthread_detach(thread);
	}
	pthread_mutex_unlock(&c->lock);
}

void closer_finish(struct closer *c)
{
	closer_kick(c);
	pthread_mutex_lock(&c->lock);
	while (c->busy)
		pthread_cond_wait(&c->idle, &c->lock);
	pthread_mutex_unlock(&c->lock);
	/* No thread could be had: close here. */
	if (c->n > 0)
		fd_closer_run(c->fds, c->n);
	free(c->fds);
}
