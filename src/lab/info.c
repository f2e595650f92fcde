/* SPDX-License-Identifier: MIT */
/* info.c - labs found by their run directories. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "lab/state.h"
#include "scenario/ini.h"
#include "sys/file.h"
#include "sys/proc.h"

void lab_info_done(struct lab_info *i)
{
	for (size_t k = 0; k < i->n_set; k++)
		free(i->set[k]);
	free(i->set);
	i->set = NULL;
	i->n_set = 0;
}

void lab_path(const struct lab_info *i, const char *file, char ret[static LAB_PATH_MAX])
{
	snprintf(ret, LAB_PATH_MAX, "%s/%.100s", i->dir, file);
}

/* @ret from the run directory @parent/@name. 0, or -errno if that is no lab's. */
static int read_info(const char *parent, const char *name, struct lab_info *ret)
{
	char lock[LAB_PATH_MAX];
	bool is_dir = false;
	int r;

	*ret = (struct lab_info){ 0 };
	if ((size_t)snprintf(ret->dir, sizeof(ret->dir), "%s/%s", parent, name) >=
	    sizeof(ret->dir))
		return -ENAMETOOLONG;
	r = file_stat(ret->dir, NULL, &is_dir);
	if (r < 0 || !is_dir)
		return r < 0 ? r : -ENOTDIR;
	r = state_read_info(ret->dir, ret);
	/* A monitor that was killed before its first line: a lab by name, with nothing in it. */
	if (r < 0 && r != -ENOENT && r != -EBADMSG)
		return r;
	str_copy(ret->name, sizeof(ret->name), name);
	lab_path(ret, "lock", lock);
	ret->alive = file_is_locked(lock);
	return 0;
}

/* 1: there is one; 0: that is none. A lab that only cannot be read now is not passed over. */
static int add_info(const char *parent, const char *name, struct lab_info *ret, struct error *err)
{
	int r = read_info(parent, name, ret);

	switch (-r) {
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case EIO:
		return error_set(err, r, "cannot look for labs in %s: %s", parent, strerror(-r));
	default:
		return r == 0;
	}
}

void lab_list_free(struct lab_info *list, size_t n)
{
	for (size_t i = 0; list && i < n; i++)
		lab_info_done(&list[i]);
	free(list);
}

int lab_list(struct lab_info **ret, struct error *err)
{
	char parent[LAB_PATH_MAX];
	struct lab_info *list;
	char **names = NULL;
	int n, found = 0, r;

	r = file_run_dir(proc_is_privileged(), parent, sizeof(parent), err);
	if (r < 0)
		return r;
	n = file_list(parent, &names);
	if (n == -ENOENT)
		n = 0;
	if (n < 0)
		return error_set(err, n, "cannot read %s: %s", parent, strerror(-n));

	list = calloc((size_t)n + 1, sizeof(*list));
	r = list ? 0 : error_set(err, -ENOMEM, "out of memory");
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = add_info(parent, names[i], &list[found], err);
		found += r > 0;
		r = r > 0 ? 0 : r;
		free(names[i]);
	}
	free(names);
	if (r < 0) {
		lab_list_free(list, (size_t)found);
		return r;
	}
	*ret = list;
	return found;
}

static int not_found(const struct lab_info *list, int n, const char *name, struct error *err)
{
	cleanup_free const char **names = calloc((size_t)n + 1, sizeof(*names));
	const char *near;

	if (n == 0 || !names)
		return error_set(err, -ENOENT, name ?
				 "no lab \"%s\": no lab is up (" PROGRAM_NAME " list)" :
				 "no lab is up (" PROGRAM_NAME " list)", name);
	for (int i = 0; i < n; i++)
		names[i] = list[i].name;
	near = nearest(name, names, (size_t)n);
	if (near)
		return error_set(err, -ENOENT, "no lab \"%s\" is up; did you mean \"%s\"?",
				 name, near);
	return error_set(err, -ENOENT, "no lab \"%s\" is up (" PROGRAM_NAME " status)", name);
}

static int several(const struct lab_info *list, int n, struct error *err)
{
	cleanup_text struct text names = { 0 };

	for (int i = 0; i < n; i++)
		text_add(&names, "%s%s", i ? ", " : "", list[i].name);
	return error_set(err, -ENOTUNIQ, "several labs are up: say which: %s",
			 names.str ? names.str : "");
}

int lab_find(const char *name, struct lab_info *ret, struct error *err)
{
	struct lab_info *list = NULL;
	int n, at = -1, r = 0;

	n = lab_list(&list, err);
	if (n < 0)
		return n;
	if (!name && n > 1)
		r = several(list, n, err);
	else if (!name && n == 1)
		at = 0;
	for (int i = 0; name && i < n; i++)
		if (!strcmp(list[i].name, name))
			at = i;
	if (r == 0 && at < 0)
		r = not_found(list, n, name, err);
	if (r == 0) {
		*ret = list[at];
		list[at] = (struct lab_info){ 0 };
	}
	lab_list_free(list, (size_t)n);
	return r;
}

int lab_scenario(const struct lab_info *i, struct scenario **ret, struct error *err)
{
	cleanup_diags struct diags diags = { 0 };
	cleanup_free char *text = NULL;
	char path[LAB_PATH_MAX];
	size_t len;
	int r;
	struct scenario_options opt = {
		.name = i->name,
		.seed = i->seed,
		.has_seed = true,
		.set = (const char *const *)i->set,
		.n_set = i->n_set,
	};

	lab_path(i, "scenario.ini", path);
	r = file_read(path, INI_MAX_SIZE, &text, &len);
	if (r < 0)
		return error_set(err, -ESTALE, "cannot read %s: %s; " PROGRAM_NAME
				 " down %s cleans up",
				 path,
				 strerror(-r), i->name);
	r = scenario_parse(text, len, &opt, ret, &diags);
	return r < 0 ? error_set(err, r, "%s is not what it was at the start", path) : 0;
}
