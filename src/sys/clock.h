/* SPDX-License-Identifier: MIT */
/* clock.h - the time; everything above sys/ gets it handed in. */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include "base/util.h"

/* CLOCK_BOOTTIME, in microseconds and nanoseconds. */
uint64_t clock_us(void);
uint64_t clock_ns(void);
/* CLOCK_REALTIME in nanoseconds since 1970, as the kernel stamps packets. */
uint64_t clock_wall_ns(void);
void clock_sleep_us(uint64_t us);
/* Eight bytes of the kernel's randomness: for a seed that nobody named. */
uint64_t clock_random_seed(void);

#endif
