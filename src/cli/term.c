/* SPDX-License-Identifier: MIT */
#include "cli/term.h"

#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/fold.h"

static const struct argp_option options[] = {
	{ "color", 'C', "WHEN", 0, "auto, always or never: colours in what is printed", 9 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const words[] = { "auto", "always", "never" };
	struct term *t = state->input;

	if (key != 'C')
		return ARGP_ERR_UNKNOWN;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(arg, words[i]) == 0) {
			t->when = i;
			return 0;
		}
	}
	argp_error(state, "--color is auto, always or never, not \"%s\"", arg);
	return EINVAL;
}

const struct argp term_argp = { .options = options, .parser = parse };

const struct argp_child term_children[] = { { &term_argp, 0, NULL, 0 }, { 0 } };

void term_decide(struct term *t)
{
	const char *no_color = getenv("NO_COLOR");
	const char *name = getenv("TERM");

	t->unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	switch (t->when) {
	case TERM_ALWAYS:
		t->colour = true;
		break;
	case TERM_NEVER:
		t->colour = false;
		break;
	case TERM_AUTO:
		t->colour = isatty(STDOUT_FILENO) && !(no_color && *no_color) && name &&
			    strcmp(name, "dumb") != 0;
		break;
	}
}

struct view term_view(const struct term *t)
{
	return (struct view){ .unicode = t->unicode, .colour = t->colour };
}

void term_paint(const struct term *t, struct text *out, enum tone tone, const char *word)
{
	static const char *const codes[] = {
		[TONE_GOOD] = "32",
		[TONE_BAD] = "1;31",
		[TONE_DIM] = "2",
	};

	if (t->colour)
		text_add(out, "\033[%sm%s\033[0m", codes[tone], word);
	else
		text_add(out, "%s", word);
}

static bool is_screen(int fd)
{
	const char *name = getenv("TERM");

	return isatty(fd) && name && strcmp(name, "dumb") != 0;
}

bool term_can_redraw(void)
{
	return is_screen(STDOUT_FILENO);
}

/* The other screen, no cursor; the terminal folds nothing by itself. */
void term_screen_begin(void)
{
	printf("\033[?1049h\033[?25l\033[?7l");
}

void term_screen_end(void)
{
	printf("\033[?7h\033[?25h\033[?1049l");
	fflush(stdout);
}

void term_screen_draw(const struct text *out)
{
	struct text cleanup_text folded = { 0 };
	struct winsize size = { 0 };
	const char *line;

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	if (size.ws_row == 0)
		size.ws_row = 24;
	fold_text(out, max_u64(fold_columns(), 2 * FOLD_INDENT + 1), &folded);
	line = folded.str ? folded.str : "";
	printf("\033[H");
	for (int row = 1; *line && row < size.ws_row; row++) {
		size_t len = strcspn(line, "\n");

		printf("%.*s\033[K\r\n", (int)len, line);
		line += len + (line[len] == '\n');
	}
	printf("\033[J%s", *line ? "..." : "");
	fflush(stdout);
}

bool term_shows_progress(void)
{
	return is_screen(STDERR_FILENO);
}

bool term_can_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool term_ask(const char *question)
{
	char answer[16];

	fprintf(stderr, "%s [y/N] ", question);
	fflush(stderr);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}
