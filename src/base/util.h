/* SPDX-License-Identifier: MIT */
/* util.h - the few words that every room of the house uses. */
#ifndef BASE_UTIL_H
#define BASE_UTIL_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Runs @fn with the address of the variable when the variable leaves its scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

static inline void cleanup_freep(void *p)
{
	free(*(void **)p);
}

/* A pointer that is freed at the end of its scope, unless TAKE_PTR() handed it over. */
#define cleanup_free CLEANUP(cleanup_freep)

/* Hands the pointer over to the caller: yields its value and leaves NULL behind. */
#define TAKE_PTR(p)                       \
	({                                \
		__auto_type take_ = (p);  \
		(p) = NULL;               \
		take_;                    \
	})

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

#endif
