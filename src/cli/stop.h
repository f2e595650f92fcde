/* SPDX-License-Identifier: MIT */
/* stop.h - Ctrl-C and its sisters, asked for instead of obeyed. */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP end nothing, but stop_wanted() knows of them. */
void stop_catch(void);
/* From now on they end the program again. */
void stop_release(void);
bool stop_wanted(void);

#endif
