/* SPDX-License-Identifier: MIT */
/* multiply.h - more clients than a scenario has, for the simulator. */
#ifndef SCENARIO_MULTIPLY_H
#define SCENARIO_MULTIPLY_H

#include "scenario/scenario.h"

#define CLIENTS_MAX 1000000

/**
 * scenario_multiply() - as many more clients as it takes to have @total
 * @s: its first client is the model of those that are added: "host-2", "host-3" ...
 *	They are on the same switch; where the first one is on a cable of its own, a
 *	switch is put into the cable
 * @total: at most CLIENTS_MAX
 *
 * The new machines are more than a kernel could have on one switch: a scenario
 * so made is for the simulator only.
 *
 * Return: 0 (also if there are @total already); -ENOENT: there is no client to
 * copy; -ERANGE; -ENOMEM. On failure @s is good for scenario_free() alone.
 */
int scenario_multiply(struct scenario *s, size_t total);

#endif
