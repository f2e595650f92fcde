/* SPDX-License-Identifier: MIT */
/* memory.h - for programs that are about to need much of it. */
#ifndef SYS_MEMORY_H
#define SYS_MEMORY_H

#include "base/util.h"

#define MEMORY_EXPECT_MAX ((size_t)64 << 20)

/**
 * memory_expect() - malloc() will be asked for about @bytes in all
 * @bytes: over MEMORY_EXPECT_MAX nothing is done
 *
 * They will come in big pages, where the kernel has them: a page of 4 kB costs a
 * microsecond or two. Nothing is taken before it is used, and nothing is promised.
 * Where gigabytes are wanted it is no gain: the host of a virtual machine may have to
 * find each big page first, and growing arrays could no longer be moved as pages.
 */
void memory_expect(size_t bytes);

#endif
