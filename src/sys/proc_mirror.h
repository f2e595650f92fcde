/* SPDX-License-Identifier: MIT */
/* proc_mirror.h - inside sys: a folder of the machine's, made private in this mount namespace. */
#ifndef SYS_PROC_MIRROR_H
#define SYS_PROC_MIRROR_H

#include "base/error.h"

/**
 * proc_mirror() - cover a folder with a tmpfs that looks the same
 * @path: absolute
 * @copied: names of folders in it that are copied whole, to be written to;
 *	NULL-terminated, or NULL. The others show the machine's own.
 *
 * Regular files and symbolic links are copied; what cannot be read is left
 * out. Programs rewrite files such as resolv.conf by rename(), which a
 * mount on the file itself would refuse: hence a folder that is theirs.
 *
 * Return: 0 or -errno
 */
int proc_mirror(const char *path, const char *const *copied, struct error *err);

#endif
