/* SPDX-License-Identifier: MIT */
/*
 * state.h - the state file: what a lab made, written ahead.
 *
 * The first line says whose lab it is; each further line is one operation,
 * written before it is carried out, with what is needed to know the thing
 * again: a namespace's id, a link's alias. What is gone, or is
 * somebody else's by now, is never touched.
 */
#ifndef LAB_STATE_H
#define LAB_STATE_H

#include "lab/lab.h"
#include "sys/netns.h"

/* The file's header from @info, as a new file in @dir. A descriptor or -errno. */
int state_create(const struct lab_info *info, struct error *err);

/* One operation ahead: its word, the name of the thing; of a namespace its id. 0 or -errno. */
int state_add(int fd, const char *op, const char *name, const struct netns_id *id);

/* The header of a lab's state file into @ret (not @alive). 0, -ENOENT, -EBADMSG. */
int state_read_info(const char *dir, struct lab_info *ret);

/* One line read back. */
struct state_op {
	char op[16];
	char name[CABLE_NAME_MAX];
	struct netns_id id;
};

/**
 * state_read_ops() - all operations of a lab's state file
 * @ret_bad: lines that no netlab has written; a last line that is cut is none
 *	of them: what it would have said was never done
 *
 * Return: count or -errno
 */
int state_read_ops(const char *dir, struct state_op **ret, size_t *ret_bad);

#endif
