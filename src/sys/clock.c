/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include "sys/clock.h"

#define NSEC_PER_SEC 1000000000u
#define NSEC_PER_USEC 1000u
#define USEC_PER_SEC 1000000u

static uint64_t read_ns(clockid_t clock)
{
	struct timespec ts = { 0 };

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

uint64_t clock_us(void)
{
	return clock_ns() / NSEC_PER_USEC;
}

uint64_t clock_ns(void)
{
	return read_ns(CLOCK_BOOTTIME);
}

uint64_t clock_wall_ns(void)
{
	return read_ns(CLOCK_REALTIME);
}

void clock_sleep_us(uint64_t us)
{
	struct timespec left = {
		.tv_sec = (time_t)(us / USEC_PER_SEC),
		.tv_nsec = (long)(us % USEC_PER_SEC * NSEC_PER_USEC),
	};

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

uint64_t clock_random_seed(void)
{
	uint64_t seed;

	/* Only a kernel that has not gathered entropy yet refuses: the clock will do for a lab. */
	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		seed = clock_ns() ^ clock_wall_ns();

	return seed;
}
