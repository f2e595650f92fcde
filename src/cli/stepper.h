/* SPDX-License-Identifier: MIT */
/* stepper.h - going message by message, as people see it: a lab and a simulation look the same. */
#ifndef CLI_STEPPER_H
#define CLI_STEPPER_H

#include "cli/exit.h"
#include "cli/term.h"
#include "node/step.h"

/**
 * struct step_scene - what is held, and the clock that stands
 * @next_in: microseconds until the next timer; DHCP_NEVER: none
 * @back: steps that can be undone
 * @held: a message event each; @frame: their bytes
 */
struct step_scene {
	uint64_t now, next_in;
	size_t back;
	struct trace_log held;
	struct step_frame {
		size_t len;
		uint8_t data[FRAME_MAX];
	} *frame;
};

/* Adds a held message of which @frame are the bytes. 0 or -errno. */
int step_scene_add(struct step_scene *s, const char *at, const char *to, const void *frame,
		   size_t len);
void step_scene_done(struct step_scene *s);

struct stepper;

/**
 * struct stepper_ops - what is gone through
 * @act: carries out @c, which was typed as @line; what happens goes to
 *	stepper_event(). Tells the user what is wrong
 * @look: what is held now
 * @is_so: is a client in that state? 1, 0; -1: there is no such client
 */
struct stepper_ops {
	enum exit_status (*act)(struct stepper *s, const struct step_command *c, const char *line);
	enum exit_status (*look)(struct stepper *s, struct step_scene *ret);
	int (*is_so)(struct stepper *s, const struct step_until *u);
};

/**
 * struct stepper - one session
 * @name: of the lab
 * @view: as the names want it
 * @log: all that has happened; @silent: it is read, and not shown
 */
struct stepper {
	const struct stepper_ops *ops;
	void *ctx;
	const char *name;
	struct view view;
	bool silent;
	struct trace_log log;
	struct step_scene scene;
};

/* An event that has happened: shown, and kept; @e is the stepper's from now on. */
enum exit_status stepper_event(struct stepper *s, struct trace_event *e);
/* One command and what it leads to, without showing what is held then. */
enum exit_status stepper_act(struct stepper *s, const char *line);
/* Looks again. */
enum exit_status stepper_look(struct stepper *s);
/* What is held, the first with the reason. */
enum exit_status stepper_show(struct stepper *s);
/* Lets all go until it is so. */
enum exit_status stepper_until(struct stepper *s, const struct step_until *u);
/*
 * Commands from standard input, a line each; with prompts if somebody sits there.
 * Where there is nothing to read, the next message goes.
 */
enum exit_status stepper_talk(struct stepper *s);
void stepper_done(struct stepper *s);

#endif
