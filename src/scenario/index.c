/* SPDX-License-Identifier: MIT */
#include "scenario/index.h"

#include <errno.h>
#include <search.h>
#include <string.h>

struct mapping {
	size_t number;
	const char *name;	/* behind the entry, or the one that is looked for */
};

static int compare(const void *a, const void *b)
{
	const struct mapping *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static const struct mapping *find(const struct index *x, const char *name)
{
	const struct mapping wanted = { .name = name };
	const struct mapping *const *node = tfind(&wanted, &x->root, compare);

	return node ? *node : NULL;
}

size_t index_find(const struct index *x, const char *name)
{
	const struct mapping *found = find(x, name);

	return found ? found->number : SIZE_MAX;
}

int index_add(struct index *x, const char *name, size_t number, size_t *ret_other)
{
	size_t size = strlen(name) + 1;
	struct mapping *entry, **node;

	entry = malloc(sizeof(*entry) + size);
	if (!entry)
		return -ENOMEM;
	*entry = (struct mapping){ .number = number, .name = (char *)(entry + 1) };
	memcpy(entry + 1, name, size);

	node = tsearch(entry, &x->root, compare);
	if (node && *node == entry)
		return 0;
	free(entry);
	if (!node)
		return -ENOMEM;
	if (ret_other)
		*ret_other = (*node)->number;
	return -EEXIST;
}

void index_done(struct index *x)
{
	tdestroy(x->root, free);
	x->root = NULL;
}
