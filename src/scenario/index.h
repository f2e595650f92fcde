/* SPDX-License-Identifier: MIT */
/* index.h - from names to numbers. */
#ifndef SCENARIO_INDEX_H
#define SCENARIO_INDEX_H

#include "base/util.h"

/* Starts as `= {0}`. */
struct index {
	void *root;
};

/* The number of @name, SIZE_MAX if it is not there. */
size_t index_find(const struct index *x, const char *name);

/**
 * index_add() - remember @name, which is copied
 * @ret_other: the number that it has already, on -EEXIST; may be NULL
 *
 * Return: 0, -EEXIST, -ENOMEM
 */
int index_add(struct index *x, const char *name, size_t number, size_t *ret_other);
void index_done(struct index *x);
#define cleanup_index CLEANUP(index_done)

#endif
