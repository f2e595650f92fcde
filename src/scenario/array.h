/* SPDX-License-Identifier: MIT */
/* array.h - arrays that grow one element at a time. */
#ifndef SCENARIO_ARRAY_H
#define SCENARIO_ARRAY_H

#include "base/util.h"

/**
 * array_grow() - room for one more element
 * @array: address of the pointer to the elements; NULL with @n 0 to begin with
 * @n: elements in it; it grew by one each time
 * @size: bytes of one
 *
 * Return: 0 or -ENOMEM with the array untouched
 */
int array_grow(void *array, size_t n, size_t size);

#endif
