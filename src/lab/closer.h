/* SPDX-License-Identifier: MIT */
/*
 * closer.h - packet sockets closed off the main loop: each close waits 10 to
 * 17 ms for the kernel.
 */
#ifndef LAB_CLOSER_H
#define LAB_CLOSER_H

#include <pthread.h>

#include "base/util.h"

/**
 * struct closer - descriptors to close, and the thread that closes them
 * @busy: a thread is at work on the batch before
 */
struct closer {
	pthread_mutex_t lock;
	pthread_cond_t idle;
	bool busy;
	size_t n, size;
	int *fds;
};

void closer_init(struct closer *c);
/* Takes the descriptor; it is closed by and by. -1 is skipped. */
void closer_add(struct closer *c, int fd);
/* Sets a thread to work on what has gathered, if none is at work. */
void closer_kick(struct closer *c);
/* Closes all that is left; returns when it is done. */
void closer_finish(struct closer *c);

#endif
