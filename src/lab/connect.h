/* SPDX-License-Identifier: MIT */
/* connect.h - one request to a monitor, and its answer. */
#ifndef LAB_CONNECT_H
#define LAB_CONNECT_H

#include "lab/lab.h"

/**
 * lab_request() - ask, and wait for the answer
 * @what: taken over; NULL (out of memory) is an error
 * @ret: the answer, the caller's; NULL: not wanted
 * @fds: FD_PASS_MAX places for descriptors that come along; NULL: none wanted
 *
 * Return: 0, the monitor's own -errno with its words, -EPIPE, or -EBUSY (no answer
 * in time: it may have been stopped)
 */
int lab_request(struct lab *l, json_t *what, json_t **ret, int *fds, size_t *ret_n,
		struct error *err);

/* A wish of the user's: @what is taken over. As lab_request(). */
int lab_wish(struct lab *l, json_t *what, struct lab_wish_report *ret, struct error *err);

#endif
