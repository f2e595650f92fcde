/* SPDX-License-Identifier: MIT */
/*
 * crew.h - the same thing done many times, side by side: for calls that wait
 * for the kernel's grace periods, which all who wait at once can share.
 */
#ifndef SYS_CREW_H
#define SYS_CREW_H

#include "base/util.h"

#define CREW_MAX 64

/**
 * crew_run() - @fn for every number from 0 to @n - 1, each once
 * @threads: how many work on it, the caller among them; at most CREW_MAX.
 *	Where fewer can be had, fewer do it
 *
 * Returns when all is done.
 */
void crew_run(size_t threads, size_t n, void (*fn)(void *arg, size_t i), void *arg);

#endif
