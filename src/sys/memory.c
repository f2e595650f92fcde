/* SPDX-License-Identifier: MIT */
#include "sys/memory.h"

#include <limits.h>
#include <malloc.h>
#include <sys/mman.h>

#define BIG_PAGE ((uintptr_t)2 << 20)

/* All from one heap, which is not cut short when it is free again. */
static void keep_one_heap(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

void memory_expect(size_t bytes)
{
	uintptr_t first, last;
	void *all;

	if (bytes > MEMORY_EXPECT_MAX)
		return;
	keep_one_heap();
	all = malloc(bytes);
	if (!all)
		return;
	first = ((uintptr_t)all + BIG_PAGE - 1) & ~(BIG_PAGE - 1);
	last = ((uintptr_t)all + bytes) & ~(BIG_PAGE - 1);
	if (first < last)
		(void)madvise((void *)first, last - first, MADV_HUGEPAGE);	/* it is a wish */
	free(all);
}
