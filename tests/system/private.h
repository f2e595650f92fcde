/* SPDX-License-Identifier: MIT */
/* private.h - namespaces of the test's own: nothing that it does reaches the machine. */
#ifndef SYSTEM_PRIVATE_H
#define SYSTEM_PRIVATE_H

#define EXIT_SKIP 77

/*
 * Enters user, mount and network ones for good, with a tmpfs on /run. Ends the
 * process with EXIT_SKIP if forbidden.
 */
void private_enter(void);

#endif
