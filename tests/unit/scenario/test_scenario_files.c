/* SPDX-License-Identifier: MIT */
/* Every file of scenarios/ is right, and says what it teaches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "scenario/plan.h"

static size_t read_file(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "re");
	size_t len;

	assert_non_null(f);
	len = fread(buf, 1, size, f);
	fclose(f);
	return len;
}

static void check_file(const char *name)
{
	struct scenario_options opt = { 0 };
	cleanup_scenario struct scenario *s = NULL;
	cleanup_diags struct diags diags = { 0 };
	cleanup_free char *errors = NULL, *script = NULL;
	cleanup_plan struct plan plan = { 0 };
	char path[512], lab[64], text[65536];
	size_t len;

	snprintf(path, sizeof(path), SCENARIO_DIR "/%s", name);
	snprintf(lab, sizeof(lab), "%.*s", (int)(strlen(name) - 4), name);
	len = read_file(path, text, sizeof(text));
	opt.name = lab;
	scenario_parse(text, len, &opt, &s, &diags);
	errors = diags_format(&diags, name);
	assert_string_equal(errors, "");

	assert_string_not_equal(s->title, "");
	assert_string_not_equal(s->objective, "");
	assert_true(s->n_expects > 0);
	assert_int_equal(plan_make(s, &plan), 0);
	script = plan_shell(&plan);
	assert_non_null(script);
}

static void every_scenario_is_right(void **state)
{
	DIR *dir = opendir(SCENARIO_DIR);
	struct dirent *entry;
	int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);

		if (len < 5 || strcmp(entry->d_name + len - 4, ".ini") != 0)
			continue;
		check_file(entry->d_name);
		n++;
	}
	closedir(dir);
	assert_true(n >= 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scenario_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
