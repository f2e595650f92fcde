/* SPDX-License-Identifier: MIT */
/* private.h - a user, mount and network namespace of the test's own: nothing reaches the machine. */
#ifndef SYSTEM_PRIVATE_H
#define SYSTEM_PRIVATE_H

#define EXIT_SKIP 77

/* Enters them for good, with a tmpfs on /run. Ends the process with EXIT_SKIP if forbidden. */
void private_enter(void);

#endif
