/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/ini.h"

/* The file as one line: "[name inst inst]key=value;key=value;[...". */
static char *dump(const struct ini_file *f)
{
	cleanup_text struct text t = { 0 };

	for (size_t i = 0; i < f->n_sections; i++) {
		const struct ini_section *s = &f->section[i];

		text_add(&t, "[%s", s->name);
		for (size_t k = 0; k < s->n_instances; k++)
			text_add(&t, " %s", s->instance[k]);
		text_add(&t, "]");
		for (size_t k = 0; k < s->n_keys; k++)
			text_add(&t, "%s=%s;", s->key[k].name, s->key[k].value);
	}

	return text_take(&t);
}

static void good_text_is_read(void **state)
{
	static const struct {
		const char *text, *expect;
	} cases[] = {
		{ "", "" },
		{ "\n\n  \t\n", "" },
		{ "# c\n; d\n  # e\n", "" },
		{ "[A]\nk=v\n", "[A]k=v;" },
		{ "[A]\nk=v", "[A]k=v;" },
		{ "[A]\r\nk=v\r\n", "[A]k=v;" },
		{ "\xef\xbb\xbf[A]\n", "[A]" },
		{ "  [ A  b:c\td ]  \n \tk \t=  v w  \n", "[A b:c d]k=v w;" },
		{ "[N c[1-100]:eth0 d*]\n", "[N c[1-100]:eth0 d*]" },
		{ "[A]\nk=\nk=a=b\n", "[A]k=;k=a=b;" },
		{ "[A]\nk=a # b ; c\n", "[A]k=a # b ; c;" },
		{ "[A]\nk=a \\\n b\n", "[A]k=a    b;" },
		{ "[A]\nk=a\\\n# gone\n  ; gone\nb\nl=1\n", "[A]k=a                  b;l=1;" },
		{ "[A]\nk=a\\\r\nb\n", "[A]k=a   b;" },
		{ "[A]\nk=a\\\\\nl=b\n", "[A]k=a\\\\;l=b;" },
		{ "[A]\nk=a\\\n\nl=b\n", "[A]k=a;l=b;" },
		{ "[A]\nk=a\\", "[A]k=a;" },
		{ "[A]\nk=a\\\n# end", "[A]k=a;" },
		{ "[A]\nX-k=1\nk=2\n[X-B]\nfoo\nk=3\n[C]\n", "[A]k=2;[C]" },
		{ "[A]\n[A]\nk=\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n", "[A][A]k=\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80;" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_diags struct diags diags = { 0 };
		cleanup_ini struct ini_file f;
		cleanup_free char *got = NULL;

		assert_int_equal(ini_parse(cases[i].text, strlen(cases[i].text), &f, &diags), 0);
		got = dump(&f);
		assert_string_equal(got, cases[i].expect);
		assert_int_equal(diags.n, 0);
	}
}

static void bad_text_is_reported_and_the_rest_read(void **state)
{
	static const struct {
		const char *text, *errors, *expect;
	} cases[] = {
		{ "k=v\n[A]\n", "f:1:1: key \"k=\" stands before the first [Section]\n", "[A]" },
		{ "[A]\nfoo\nk=v\n", "f:2:1: neither a [Section] nor a Key=value\n", "[A]k=v;" },
		{ "[A]\n  =v\nk=v\n", "f:2:3: no key before '='\n", "[A]k=v;" },
		{ "[A\nk=v\n[B]\n", "f:1:1: the section's head is not closed: ']' is missing\n", "[B]" },
		{ "[A c[1-2]\n", "f:1:1: the section's head is not closed: ']' is missing\n", "" },
		{ "[A] # c\n", "f:1:5: text after the section's head; a comment has a line of its own\n", "" },
		{ "[ ]\n", "f:1:1: a section without a name\n", "" },
		{ "[A]\nk=a\x01\x02\n", "f:2:4: byte 0x01 is a control character\n", "[A]k=a??;" },
		{ "[A]\nk=\x1b[0m\n", "f:2:3: byte 0x1b is a control character\n", "[A]k=?[0m;" },
		{ "[A]\nk=\xc2\x9b\n", "f:2:3: byte 0xc2 is a control character\n", "[A]k=??;" },
		{ "[A]\nk=\xc0\xaf\n", "f:2:3: byte 0xc0 is not UTF-8 text\n", "[A]k=??;" },
		{ "[A]\nk=\xed\xa0\x80\n", "f:2:3: byte 0xed is not UTF-8 text\n", "[A]k=???;" },
		{ "[A]\nk=\xe2\x82", "f:2:3: byte 0xe2 is not UTF-8 text\n", "[A]k=??;" },
		{ "[A]\nfoo\n[B\n", "f:2:1: neither a [Section] nor a Key=value\n"
		  "f:3:1: the section's head is not closed: ']' is missing\n", "[A]" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_diags struct diags diags = { 0 };
		cleanup_free char *got = NULL, *errors = NULL;
		cleanup_ini struct ini_file f;

		assert_int_equal(ini_parse(cases[i].text, strlen(cases[i].text), &f, &diags),
				 -EINVAL);
		errors = diags_format(&diags, "f");
		got = dump(&f);
		assert_string_equal(errors, cases[i].errors);
		assert_string_equal(got, cases[i].expect);
	}
}

static void places_survive_joined_lines(void **state)
{
	static const char text[] = "[A x\n y]\n# c\n[B  b:c]\n  key = one \\\n# no\n   two\n";
	cleanup_diags struct diags diags = { 0 };
	cleanup_ini struct ini_file f;
	const struct ini_section *s;
	struct place at;

	ini_parse(text, strlen(text), &f, &diags);
	s = &f.section[0];
	assert_int_equal(f.n_sections, 1);
	assert_int_equal(s->at.line, 4);
	assert_int_equal(s->instance_at[0].column, 5);
	assert_int_equal(s->key[0].at.line, 5);
	assert_int_equal(s->key[0].at.column, 3);
	assert_int_equal(s->key[0].value_at.column, 9);
	at = ini_place(&f, strstr(s->key[0].value, "two"));
	assert_int_equal(at.line, 7);
	assert_int_equal(at.column, 4);
}

static void binary_and_huge_files_are_refused(void **state)
{
	cleanup_diags struct diags diags = { 0 };
	cleanup_free char *errors = NULL, *big = malloc(INI_MAX_SIZE + 1);
	struct ini_file f;

	memset(big, '\n', INI_MAX_SIZE + 1);
	assert_int_equal(ini_parse("[A]\nk=\0v\n", 9, &f, &diags), -EINVAL);
	ini_done(&f);
	assert_int_equal(ini_parse(big, INI_MAX_SIZE + 1, &f, &diags), -EINVAL);
	ini_done(&f);
	assert_int_equal(ini_parse(big, INI_MAX_SIZE, &f, &diags), 0);
	ini_done(&f);
	errors = diags_format(&diags, "f");
	assert_string_equal(errors,
			    "f:2:3: a NUL byte: this is not a text file\n"
			    "f:1:1: the file has 1048577 bytes; a scenario has at most 1048576\n");
}

static void diags_are_sorted_and_capped(void **state)
{
	cleanup_diags struct diags diags = { 0 };
	cleanup_free char *text = NULL;

	for (unsigned int i = 0; i < DIAGS_MAX + 3; i++)
		assert_int_equal(diag_add(&diags, (struct place){ 100 - i / 2, 1 }, "%u", i),
				 -EINVAL);
	diags_sort(&diags);
	assert_int_equal(diags.n, DIAGS_MAX);
	assert_int_equal(diags.dropped, 3);
	for (size_t i = 1; i < diags.n; i++)
		assert_true(diags.diag[i - 1].at.line <= diags.diag[i].at.line);
	assert_string_equal(diags.diag[0].text, "48");	/* same place: the order of their coming */
	assert_string_equal(diags.diag[1].text, "49");
	text = diags_format(&diags, "f");
	assert_non_null(strstr(text, "\nf: and 3 more errors\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_text_is_read),
		cmocka_unit_test(bad_text_is_reported_and_the_rest_read),
		cmocka_unit_test(places_survive_joined_lines),
		cmocka_unit_test(binary_and_huge_files_are_refused),
		cmocka_unit_test(diags_are_sorted_and_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
