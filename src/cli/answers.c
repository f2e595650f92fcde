/* SPDX-License-Identifier: MIT */
/* A file of lines NAME=ANSWER in the lab's run directory. */
#include "cli/answers.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "cli/out.h"
#include "sys/fd.h"
#include "sys/file.h"

#define FILE_NAME "answers"
#define ANSWERS_MAX (1u << 20)

static void take_line(struct findings *f, char *line)
{
	char *equals = strchr(line, '=');

	if (!equals)
		return;
	*equals = '\0';
	for (size_t i = 0; i < f->n; i++) {
		if (f->all[i].task && strcmp(f->all[i].name, line) == 0)
			f->all[i].answer = equals + 1;
	}
}

enum exit_status answers_read(const struct lab_info *lab, struct findings *f, char **ret_text)
{
	cleanup_free char *text = NULL;
	char path[LAB_PATH_MAX], *rest;
	size_t len;
	int r;

	lab_path(lab, FILE_NAME, path);
	r = file_read(path, ANSWERS_MAX, &text, &len);
	if (r == -ENOENT)
		return EXIT_OK;
	if (r < 0)
		return report(EXIT_CANNOT, "cannot read %s: %s", path, strerror(-r));
	rest = text;
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
		take_line(f, line);
	*ret_text = TAKE_PTR(text);
	return EXIT_OK;
}

enum exit_status answers_add(const struct lab_info *lab, const char *name, const char *answer)
{
	struct text cleanup_text line = { 0 };
	cleanup_fd int fd = -1;
	char path[LAB_PATH_MAX];
	int r;

	for (const char *a = answer; *a; a++) {
		if (*a < ' ' || *a > '~')
			return report(EXIT_USAGE, "the answer to %s: letters, digits and signs of "
				      "ASCII only", name);
	}
	text_add(&line, "%s=%s\n", name, answer);
	if (line.failed)
		return report_no_memory();
	lab_path(lab, FILE_NAME, path);
	fd = file_open_append(path, true);
	r = fd < 0 ? fd : file_write(fd, line.str, line.len);
	return r < 0 ? report(EXIT_CANNOT, "cannot write %s: %s", path, strerror(-r)) : EXIT_OK;
}
