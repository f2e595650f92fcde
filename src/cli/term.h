/* SPDX-License-Identifier: MIT */
/* term.h - what the terminal can show: colour, characters beyond ASCII, people who answer. */
#ifndef CLI_TERM_H
#define CLI_TERM_H

#include <argp.h>

#include "base/text.h"
#include "trace/view.h"

enum term_when {
	TERM_AUTO,
	TERM_ALWAYS,
	TERM_NEVER,
};

/**
 * struct term - how to show things on standard output
 * @when: --color
 * @colour: @unicode: as term_decide() found
 */
struct term {
	enum term_when when;
	bool colour, unicode;
};

/*
 * --color, as a child of a verb's own argp: its input is a struct term. Put
 * term_children in the verb's argp, and at ARGP_KEY_INIT the term into
 * child_inputs[0]; or term_argp among other children.
 */
extern const struct argp term_argp;
extern const struct argp_child term_children[];

/* Looks at --color, NO_COLOR, TERM, the locale, and whether standard output is a terminal. */
void term_decide(struct term *t);
struct view term_view(const struct term *t);

enum tone {
	TONE_GOOD,
	TONE_BAD,
	TONE_DIM,
};
/* Adds @word, coloured where colour is on. */
void term_paint(const struct term *t, struct text *out, enum tone tone, const char *word);

/* Standard output is a screen that can be drawn over. */
bool term_can_redraw(void);
/* A screen of our own, until term_screen_end(): what stood on the terminal comes back. */
void term_screen_begin(void);
void term_screen_end(void);
/* @out in place of what the screen shows; what does not fit is left out. */
void term_screen_draw(const struct text *out);

/* Standard error is a terminal: progress may be shown there. */
bool term_shows_progress(void);
/* There is a terminal with somebody before it. */
bool term_can_ask(void);
/* A question that is answered with y or n. */
bool term_ask(const char *question);

#endif
