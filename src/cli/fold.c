/* SPDX-License-Identifier: MIT */
#include "cli/fold.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/util.h"

/*
 * Bytes of a line that fit into so many cells; where it goes on, up to a space.
 * A colour takes no cell.
 */
static size_t fit(const char *line, size_t len, size_t columns)
{
	size_t cells = 0, space = 0, i = 0;

	while (i < len) {
		if (line[i] == '\033') {
			i = min_u64(i + strcspn(line + i, "m\n") + 1, len);
			continue;
		}
		if (line[i] == ' ' && i > 0 && line[i - 1] != ' ')
			space = i;
		if (((unsigned char)line[i] & 0xc0) != 0x80 && cells++ == columns)
			return space ? space : i;
		i++;
	}
	return len;
}

/* What stands in front of the first word is no place to break. */
static size_t first_row(const char *line, size_t len, size_t columns)
{
	size_t indent = strspn(line, " ");

	return indent < columns / 2 ? indent + fit(line + indent, len - indent, columns - indent) :
	       fit(line, len, columns);
}

static void fold_line(const char *line, size_t len, size_t columns, struct text *out)
{
	size_t n = first_row(line, len, columns);

	text_addn(out, line, n);
	for (;;) {
		n += strspn(line + n, " ");
		line += n;
		len -= min_u64(n, len);
		if (len == 0)
			return;
		n = fit(line, len, columns - FOLD_INDENT);
		text_add(out, "\n%*s", FOLD_INDENT, "");
		text_addn(out, line, n);
	}
}

void fold_text(const struct text *in, size_t columns, struct text *out)
{
	const char *line = in->str ? in->str : "";

	while (*line) {
		size_t len = strcspn(line, "\n");

		fold_line(line, len, columns, out);
		line += len;
		if (*line) {
			text_add(out, "\n");
			line++;
		}
	}
}

size_t fold_columns(void)
{
	struct winsize size = { 0 };

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return 0;
	/* So narrow, or of unknown width, is nothing to go by. */
	return size.ws_col > 2 * FOLD_INDENT ? size.ws_col : 80;
}
