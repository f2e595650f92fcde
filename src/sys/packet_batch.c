/* SPDX-License-Identifier: MIT */
/*
 * packet_batch.c - many frames, one system call: under load the calls themselves
 * were half of what a frame cost.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "sys/clock.h"
#include "sys/packet_control.h"

/**
 * struct packet_batch
 * @used: of @msg: so many the kernel has written into since they were made ready
 * @n_out: frames of @data that are to be sent
 * @data: last, since memory that is not touched is not taken
 */
struct packet_batch {
	int used;
	int n_out;
	struct packet_frame frame[PACKET_BATCH];
	struct mmsghdr msg[PACKET_BATCH];
	struct iovec iov[PACKET_BATCH];
	struct packet_control control[PACKET_BATCH];
	uint8_t data[PACKET_BATCH][PACKET_BATCH_KEPT];
};

struct packet_batch *packet_batch_new(void)
{
	/* Not of the heap: its pages can be given back one by one, and come again as zeros. */
	struct packet_batch *b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (b == MAP_FAILED)
		return NULL;
	b->used = PACKET_BATCH;
	return b;
}

void packet_batch_clear(struct packet_batch *b)
{
	(void)madvise(b, sizeof(*b), MADV_DONTNEED);
	b->used = PACKET_BATCH;
}

void packet_batch_free(struct packet_batch *b)
{
	if (b)
		munmap(b, sizeof(*b));
}

static void make_ready(struct packet_batch *b, int i)
{
	b->iov[i] = (struct iovec){ b->data[i], PACKET_BATCH_KEPT };
	b->msg[i].msg_hdr = (struct msghdr){
		.msg_name = &b->control[i].from,
		.msg_namelen = sizeof(b->control[i].from),
		.msg_iov = &b->iov[i],
		.msg_iovlen = 1,
		.msg_control = b->control[i].bytes,
		.msg_controllen = sizeof(b->control[i].bytes),
	};
}

int packet_batch_recv(struct packet_batch *b, int fd)
{
	int n;

	for (int i = 0; i < b->used; i++)
		make_ready(b, i);
	b->used = 0;
	do {
		n = recvmmsg(fd, b->msg, PACKET_BATCH, MSG_DONTWAIT, NULL);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;

	b->used = n;
	for (int i = 0; i < n; i++) {
		struct packet_frame *f = &b->frame[i];
		bool tagged;

		f->data = b->data[i];
		f->len = packet_control_read(&b->msg[i].msg_hdr, f->data, b->msg[i].msg_len,
					     PACKET_BATCH_KEPT, &f->meta, &tagged);
	}
	return n;
}

const struct packet_frame *packet_batch_frame(const struct packet_batch *b, int i)
{
	return &b->frame[i];
}

uint8_t *packet_batch_room(struct packet_batch *b)
{
	return b->n_out < PACKET_BATCH ? b->data[b->n_out] : NULL;
}

void packet_batch_add(struct packet_batch *b, size_t len)
{
	int i = b->n_out++;

	b->iov[i] = (struct iovec){ b->data[i], len };
	b->msg[i].msg_hdr = (struct msghdr){ .msg_iov = &b->iov[i], .msg_iovlen = 1 };
	b->used = PACKET_BATCH;
}

int packet_batch_count(const struct packet_batch *b)
{
	return b->n_out;
}

int packet_batch_send(struct packet_batch *b, int fd, size_t *ret_failed)
{
	int done = 0, first = 0;
	uint64_t now = clock_wall_ns();
	size_t failed = 0;

	while (done < b->n_out) {
		int n = sendmmsg(fd, b->msg + done, (unsigned int)(b->n_out - done), 0);

		if (n > 0) {
			done += n;
		} else if (errno != EINTR) {
			first = first ? first : -errno;
			failed++;
			b->iov[done++].iov_len = 0;
		}
	}
	for (int i = 0; i < b->n_out; i++)
		b->frame[i] = (struct packet_frame){
			.meta = { .wall_ns = now, .wire_len = b->iov[i].iov_len, .outgoing = true },
			.len = b->iov[i].iov_len, .data = b->data[i],
		};
	b->n_out = 0;
	*ret_failed = failed;
	return first;
}
