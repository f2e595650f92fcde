/* SPDX-License-Identifier: MIT */
#include "scenario/array.h"

#include <errno.h>

/* The capacity is the next power of two, so it need not be remembered. */
int array_grow(void *array, size_t n, size_t size)
{
	void **elements = array;
	void *grown;

	if (n & (n - 1))
		return 0;
	grown = reallocarray(*elements, n ? 2 * n : 1, size);
	if (!grown)
		return -ENOMEM;

	*elements = grown;
	return 0;
}
