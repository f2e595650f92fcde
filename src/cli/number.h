/* SPDX-License-Identifier: MIT */
/* number.h - numbers and times among a verb's options; what is none is an argp_error(). */
#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include <argp.h>
#include <stdint.h>

uint64_t number_seed(const char *arg, struct argp_state *state);
/* Microseconds. @option: "--wait" */
uint64_t number_time(const char *arg, const char *option, struct argp_state *state);
/* Lab seconds a second. */
double number_speed(const char *arg, const char *option, struct argp_state *state);
/* A whole number from 1. */
uint64_t number_count(const char *arg, const char *option, struct argp_state *state);

#endif
