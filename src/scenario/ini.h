/* SPDX-License-Identifier: MIT */
/*
 * ini.h - the grammar of scenario files: systemd.syntax(7) with instances in
 * the section's head. Text in, a list of sections and keys out; what the words
 * mean is not known here.
 */
#ifndef SCENARIO_INI_H
#define SCENARIO_INI_H

#include "scenario/diag.h"

/**
 * struct ini_key - one Key=value
 * @at: of the key; @value_at: of the value's first byte
 * @value: joined lines, outer white space gone; owned by the file
 */
struct ini_key {
	struct place at, value_at;
	const char *name;
	const char *value;
};

/**
 * struct ini_section - one [Name instance instance...]
 * @instance: words of the head after the name, as written (globs and ranges
 *	are not expanded here); @instance_at their places
 */
struct ini_section {
	struct place at;
	const char *name;
	size_t n_instances;
	const char **instance;
	struct place *instance_at;
	size_t n_keys;
	struct ini_key *key;
};

/* Sections in the order of the file; those and keys that begin with "X-" are left out. */
struct ini_file {
	size_t n_sections;
	struct ini_section *section;
	char *text;	/* what the strings point into; each byte at its offset in the file */
	size_t n_lines;
	size_t *line;	/* offsets of the lines' first bytes */
};

#define INI_MAX_SIZE (1u << 20)		/* bytes; a longer file is refused */

/**
 * ini_parse() - read a file's text
 * @text: @len bytes, any bytes
 * @diags: gets every error of grammar (binary bytes, a key before any
 *	section, a line without '=', an unclosed head ...)
 *
 * Return: 0, -EINVAL when @diags got any (what could be read is in @ret all
 * the same), -ENOMEM. @ret is always to be freed with ini_done().
 */
int ini_parse(const char *text, size_t len, struct ini_file *ret, struct diags *diags);
void ini_done(struct ini_file *f);

/* Where @at, a byte of a string of @f's, stands in the file. */
struct place ini_place(const struct ini_file *f, const char *at);
#define cleanup_ini CLEANUP(ini_done)

#endif
