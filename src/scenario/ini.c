/* SPDX-License-Identifier: MIT */
#include "scenario/ini.h"

#include <errno.h>
#include <string.h>

#include "scenario/array.h"

#define SPACE " \t\r"

/*
 * The text is cut into strings in place: every byte keeps its offset, so that
 * a pointer into a value is enough to say where in the file it stands.
 */
struct ini_parser {
	struct ini_file *file;
	struct diags *diags;
	char *next;			/* the physical line to read next */
	char *end;
	struct ini_section *section;	/* NULL before the first */
	bool skip;			/* keys of an X- section, or of one whose head is broken */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char *skip_space(char *s)
{
	return s + strspn(s, SPACE);
}

static void cut_trailing_space(char *s)
{
	size_t len = strlen(s);

	while (len > 0 && is_space(s[len - 1]))
		len--;
	s[len] = '\0';
}

struct place ini_place(const struct ini_file *f, const char *at)
{
	size_t offset = (size_t)(at - f->text), low = 0, high = f->n_lines;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (f->line[middle] <= offset)
			low = middle;
		else
			high = middle;
	}

	return (struct place){ (unsigned int)low + 1, (unsigned int)(offset - f->line[low]) + 1 };
}

static int index_lines(struct ini_file *f, size_t len)
{
	const char *s = f->text, *end = f->text + len;
	size_t n = 1;

	for (const char *p = s; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	f->line = calloc(n, sizeof(*f->line));
	if (!f->line)
		return -ENOMEM;

	f->n_lines = 1;
	for (const char *p = s; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		f->line[f->n_lines++] = (size_t)(p - s) + 1;
	return 0;
}

/* Bytes of the UTF-8 character at @s, which ends at a NUL; 0 if it is none (RFC 3629 section 4). */
static size_t utf8_len(const uint8_t *s)
{
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (s[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/* What would move a terminal's cursor, or worse: C0 without tab and return, DEL, C1. */
static bool is_control(const uint8_t *s)
{
	return (s[0] < 0x20 && !is_space((char)s[0])) || s[0] == 0x7f ||
	       (s[0] == 0xc2 && s[1] < 0xa0);
}

/* Reports the first bad byte of a line, and makes all of them harmless. */
static void check_bytes(struct ini_parser *p, char *line)
{
	bool told = false;

	while (*line) {
		size_t len = utf8_len((uint8_t *)line);
		bool control = len > 0 && is_control((uint8_t *)line);

		if (len > 0 && !control) {
			line += len;
			continue;
		}
		if (!told)
			diag_add(p->diags, ini_place(p->file, line),
				 control ? "byte 0x%02x is a control character"
					 : "byte 0x%02x is not UTF-8 text",
				 (uint8_t)*line);
		told = true;
		*line++ = '?';
	}
}

/* Cuts the next physical line off the text; NULL at the end. */
static char *next_line(struct ini_parser *p)
{
	char *line = p->next, *newline;

	if (line >= p->end)
		return NULL;
	newline = memchr(line, '\n', (size_t)(p->end - line));
	p->next = newline ? newline + 1 : p->end;
	if (newline)
		*newline = '\0';

	check_bytes(p, line);
	return line;
}

static bool is_comment(char *line)
{
	line = skip_space(line);
	return *line == '#' || *line == ';';
}

/* The backslash that joins the line with the next one, NULL if there is none. */
static char *joint(char *line)
{
	size_t len = strlen(line), backslashes = 0;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	while (backslashes < len && line[len - 1 - backslashes] == '\\')
		backslashes++;

	return backslashes % 2 ? line + len - 1 : NULL;
}

/*
 * A line with those that it is joined to; comments between them are left out.
 * Backslash, newline and comment become spaces, so that all offsets stay.
 */
static char *next_joined_line(struct ini_parser *p)
{
	char *line = next_line(p), *end;

	while (line && is_comment(line))
		line = next_line(p);
	end = line ? joint(line) : NULL;

	while (end) {
		char *more = next_line(p);

		while (more && is_comment(more))
			more = next_line(p);
		if (!more) {
			memset(end, ' ', strlen(end));
			break;
		}
		memset(end, ' ', (size_t)(more - end));
		end = joint(more);
	}

	return line;
}

/* Length of the head that begins at @s with '[', both brackets counted; 0 if it is not closed. */
static size_t head_len(const char *s)
{
	int depth = 0;

	for (size_t i = 0; s[i]; i++) {
		if (s[i] == '[')
			depth++;
		if (s[i] == ']' && --depth == 0)
			return i + 1;
	}

	return 0;
}

static int add_instance(struct ini_parser *p, struct ini_section *s, const char *word)
{
	int r = array_grow(&s->instance, s->n_instances, sizeof(*s->instance));

	if (r < 0)
		return r;
	r = array_grow(&s->instance_at, s->n_instances, sizeof(*s->instance_at));
	if (r < 0)
		return r;

	s->instance[s->n_instances] = word;
	s->instance_at[s->n_instances] = ini_place(p->file, word);
	s->n_instances++;
	return 0;
}

/* @name: the words of a head, brackets gone. */
static int add_section(struct ini_parser *p, struct place at, char *name)
{
	struct ini_file *f = p->file;
	int r = array_grow(&f->section, f->n_sections, sizeof(*f->section));
	char *rest;

	if (r < 0)
		return r;
	name = skip_space(name);
	rest = name + strcspn(name, SPACE);
	p->section = &f->section[f->n_sections++];
	*p->section = (struct ini_section){ .at = at, .name = name };

	while (*rest) {
		*rest = '\0';
		rest = skip_space(rest + 1);
		if (!*rest)
			break;
		r = add_instance(p, p->section, rest);
		if (r < 0)
			return r;
		rest += strcspn(rest, SPACE);
	}
	return 0;
}

static int parse_head(struct ini_parser *p, char *line)
{
	struct place at = ini_place(p->file, line);
	size_t len = head_len(line);

	p->skip = true;
	if (len == 0) {
		diag_add(p->diags, at, "the section's head is not closed: ']' is missing");
		return 0;
	}
	if (line[len]) {
		diag_add(p->diags, ini_place(p->file, skip_space(line + len)),
			 "text after the section's head; a comment has a line of its own");
		return 0;
	}
	line[len - 1] = '\0';
	if (!*skip_space(line + 1)) {
		diag_add(p->diags, at, "a section without a name");
		return 0;
	}
	if (strncmp(skip_space(line + 1), "X-", 2) == 0)
		return 0;

	p->skip = false;
	return add_section(p, at, line + 1);
}

static int add_key(struct ini_parser *p, char *name, char *value)
{
	struct ini_section *s = p->section;
	int r = array_grow(&s->key, s->n_keys, sizeof(*s->key));

	if (r < 0)
		return r;
	s->key[s->n_keys++] = (struct ini_key){
		.at = ini_place(p->file, name),
		.value_at = ini_place(p->file, value),
		.name = name,
		.value = value,
	};
	return 0;
}

static int parse_key(struct ini_parser *p, char *line)
{
	struct place at = ini_place(p->file, line);
	char *equals = strchr(line, '=');

	if (p->skip)
		return 0;
	if (!equals || equals == line) {
		diag_add(p->diags, at, equals ? "no key before '='"
					      : "neither a [Section] nor a Key=value");
		return 0;
	}
	*equals = '\0';
	cut_trailing_space(line);
	if (strncmp(line, "X-", 2) == 0)
		return 0;
	if (!p->section) {
		diag_add(p->diags, at, "key \"%s=\" stands before the first [Section]", line);
		return 0;
	}

	return add_key(p, line, skip_space(equals + 1));
}

static int parse_lines(struct ini_parser *p)
{
	char *line;

	while ((line = next_joined_line(p))) {
		int r = 0;

		cut_trailing_space(line);
		line = skip_space(line);
		if (*line == '[')
			r = parse_head(p, line);
		else if (*line)
			r = parse_key(p, line);
		if (r < 0)
			return r;
	}

	return 0;
}

int ini_parse(const char *text, size_t len, struct ini_file *ret, struct diags *diags)
{
	struct ini_parser p = { .file = ret, .diags = diags };
	size_t errors = diags->n + diags->dropped;
	const char *nul;
	int r;

	*ret = (struct ini_file){ 0 };
	if (len > INI_MAX_SIZE)
		return diag_add(diags, (struct place){ 1, 1 },
				"the file has %zu bytes; a scenario has at most %u", len,
				INI_MAX_SIZE);
	ret->text = malloc(len + 1);
	if (!ret->text)
		return -ENOMEM;
	if (len > 0)
		memcpy(ret->text, text, len);
	ret->text[len] = '\0';
	r = index_lines(ret, len);
	if (r < 0)
		return r;
	nul = memchr(ret->text, '\0', len);
	if (nul)
		return diag_add(diags, ini_place(ret, nul), "a NUL byte: this is not a text file");

	p.next = ret->text;
	p.end = ret->text + len;
	if (strncmp(p.next, "\xef\xbb\xbf", 3) == 0)	/* editors' byte order mark */
		p.next += 3;
	r = parse_lines(&p);
	if (r < 0)
		return r;
	return diags->n + diags->dropped > errors ? -EINVAL : 0;
}

void ini_done(struct ini_file *f)
{
	for (size_t i = 0; i < f->n_sections; i++) {
		free(f->section[i].instance);
		free(f->section[i].instance_at);
		free(f->section[i].key);
	}
	free(f->section);
	free(f->line);
	free(f->text);
	*f = (struct ini_file){ 0 };
}
