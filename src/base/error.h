/* SPDX-License-Identifier: MIT */
/*
 * error.h - an errno with the sentence that the user needs.
 *
 * Functions that can fail for reasons that the user must read take a
 * `struct error *` as their last parameter, fill it, and return its -errno:
 *
 *	return error_set(err, -EEXIST, "namespace \"%s\" exists already", name);
 *
 * A NULL @err is allowed everywhere: the number is returned all the same.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/util.h"

/**
 * struct error - what went wrong, in words
 * @code: negative errno, 0 when nothing is wrong
 * @text: one line without a full stop or newline, for people
 */
struct error {
	int code;
	char text[480];
};

/**
 * error_set() - fill @err; returns @code, so that it can end a function
 * @err: may be NULL
 * @code: negative errno
 */
int error_set(struct error *err, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/**
 * error_prefix() - put "prefix: " before the text that is there
 *
 * For callers that know more of the where than the one who failed.
 * Return: @err's code; -EINVAL for a NULL @err, so that no failure turns into success
 */
int error_prefix(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
