/* SPDX-License-Identifier: MIT */
#include "cli/stop.h"

#include <signal.h>
#include <stddef.h>

#include "base/util.h"

/* A signal handler has nowhere else to leave word: the program's only variable of this kind. */
static volatile sig_atomic_t caught;

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static void note(int sig)
{
	caught = sig;
}

static void handle(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct sigaction old;

		/* nohup(1) means it. */
		if (signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &action, NULL);
	}
}

void stop_catch(void)
{
	handle(note);
}

void stop_release(void)
{
	handle(SIG_DFL);
}

bool stop_wanted(void)
{
	return caught != 0;
}
