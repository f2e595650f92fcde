/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/state.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "trace/safe_text.h"

#define STATE_SCHEMA "netlab.state/1"
#define STATE_MAX (64u << 20)

static json_t *info_to_json(const struct lab_info *i)
{
	cleanup_text struct text path = { 0 };
	char boot[BOOT_ID_LEN];
	json_t *set = json_array();

	for (size_t k = 0; k < i->n_set; k++)
		json_array_append_new(set, json_string(i->set[k]));
	/* A file's name may be any bytes; it is only shown. */
	safe_text_add(&path, i->scenario, strlen(i->scenario));
	file_boot_id(boot);
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:I, s:f, s:b, s:I, s:i}", "schema",
			 STATE_SCHEMA, "boot", boot, "lab", i->name, "scenario",
			 path.str ? path.str : "", "set", set, "seed",
			 (json_int_t)i->seed, "speed", i->speed, "rootless", i->rootless,
			 "started_wall_ns", (json_int_t)i->started_wall_ns, "monitor", i->monitor);
}

int state_create(const struct lab_info *info, struct error *err)
{
	char path[LAB_PATH_MAX];
	cleanup_free char *line = NULL;
	cleanup_text struct text out = { 0 };
	cleanup_fd int fd = -1;
	json_t *header;
	int r;

	header = info_to_json(info);
	if (!header)
		return error_set(err, -ENOMEM, "out of memory");
	line = json_dumps(header, JSON_COMPACT);
	json_decref(header);
	if (!line)
		return error_set(err, -ENOMEM, "out of memory");

	lab_path(info, "state", path);
	fd = file_open_append(path, false);
	if (fd < 0)
		return error_set(err, fd, "cannot create %s: %s", path, strerror(-fd));
	text_add(&out, "%s\n", line);
	r = out.failed ? -ENOMEM : file_write(fd, out.str, out.len);
	if (r < 0)
		return error_set(err, r, "cannot write %s: %s", path, strerror(-r));
	return TAKE_FD(fd);
}

int state_add(int fd, const char *op, const char *name, const struct netns_id *id)
{
	const struct netns_id none = { 0 };
	char line[256];
	int n;

	/* Names were checked by the scenario's parser: nothing in them needs escaping. */
	id = id ? id : &none;
	n = snprintf(line, sizeof(line),
		     "{\"do\":\"%s\",\"name\":\"%s\",\"ino\":%llu,\"cookie\":%llu}\n", op, name,
		     (unsigned long long)id->ino, (unsigned long long)id->cookie);
	if (n < 0 || (size_t)n >= sizeof(line))
		return -ENAMETOOLONG;
	return file_write(fd, line, (size_t)n);
}

static int take_set(const json_t *set, struct lab_info *ret)
{
	size_t n = json_array_size(set);

	ret->set = calloc(n + 1, sizeof(*ret->set));
	if (!ret->set)
		return -ENOMEM;
	for (size_t k = 0; k < n; k++) {
		const char *word = json_string_value(json_array_get(set, k));

		ret->set[k] = strdup(word ? word : "");
		if (!ret->set[k])
			return -ENOMEM;
		ret->n_set++;
	}
	return 0;
}

static bool is_of_another_boot(const json_t *j)
{
	const char *boot = json_string_value(json_object_get(j, "boot"));
	char now[BOOT_ID_LEN];

	file_boot_id(now);
	return boot && boot[0] && now[0] && strcmp(boot, now) != 0;
}

static int info_from_json(const json_t *j, struct lab_info *ret)
{
	const char *schema = json_string_value(json_object_get(j, "schema"));
	const char *name = json_string_value(json_object_get(j, "lab"));
	const char *scenario = json_string_value(json_object_get(j, "scenario"));

	if (!schema || strcmp(schema, STATE_SCHEMA) || !name || !scenario)
		return -EBADMSG;
	str_copy(ret->name, sizeof(ret->name), name);
	str_copy(ret->scenario, sizeof(ret->scenario), scenario);
	ret->seed = (uint64_t)json_integer_value(json_object_get(j, "seed"));
	ret->speed = json_number_value(json_object_get(j, "speed"));
	ret->stale = is_of_another_boot(j);
	ret->rootless = json_is_true(json_object_get(j, "rootless"));
	ret->started_wall_ns = (uint64_t)json_integer_value(json_object_get(j, "started_wall_ns"));
	ret->monitor = (int)json_integer_value(json_object_get(j, "monitor"));
	return take_set(json_object_get(j, "set"), ret);
}

static int read_text(const char *dir, char **ret, size_t *ret_len)
{
	char path[LAB_PATH_MAX + 8];

	snprintf(path, sizeof(path), "%s/state", dir);
	return file_read(path, STATE_MAX, ret, ret_len);
}

int state_read_info(const char *dir, struct lab_info *ret)
{
	cleanup_free char *text = NULL;
	size_t len;
	json_t *j;
	int r;

	r = read_text(dir, &text, &len);
	if (r < 0)
		return r;
	j = json_loadb(text, strcspn(text, "\n"), 0, NULL);
	if (!j)
		return -EBADMSG;
	r = info_from_json(j, ret);
	json_decref(j);
	return r;
}

static int op_from_json(const char *line, size_t len, struct state_op *ret)
{
	const char *op, *name;
	json_t *j;
	int r = -EBADMSG;

	j = json_loadb(line, len, 0, NULL);
	op = json_string_value(json_object_get(j, "do"));
	name = json_string_value(json_object_get(j, "name"));
	if (op && name) {
		str_copy(ret->op, sizeof(ret->op), op);
		str_copy(ret->name, sizeof(ret->name), name);
		ret->id.ino = (uint64_t)json_integer_value(json_object_get(j, "ino"));
		ret->id.cookie = (uint64_t)json_integer_value(json_object_get(j, "cookie"));
		r = 0;
	}
	json_decref(j);
	return r;
}

static bool is_header(const char *line, size_t len)
{
	json_t *j = json_loadb(line, len, 0, NULL);
	const char *schema = json_string_value(json_object_get(j, "schema"));
	bool is = schema && !strcmp(schema, STATE_SCHEMA);

	json_decref(j);
	return is;
}

int state_read_ops(const char *dir, struct state_op **ret, size_t *ret_bad)
{
	cleanup_free char *text = NULL;
	cleanup_free struct state_op *ops = NULL;
	size_t len, n = 0, lines = 0, bad = 0;
	int r;

	r = read_text(dir, &text, &len);
	if (r < 0)
		return r;
	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	ops = calloc(lines + 1, sizeof(*ops));
	if (!ops)
		return -ENOMEM;

	/* A line without its newline was never carried out. */
	for (char *p = text, *end; (end = memchr(p, '\n', len - (size_t)(p - text))); p = end + 1) {
		bool is_known = p == text ? is_header(p, (size_t)(end - p)) :
					    op_from_json(p, (size_t)(end - p), &ops[n]) == 0;

		bad += !is_known;
		n += is_known && p != text;
	}
	*ret = TAKE_PTR(ops);
	*ret_bad = bad;
	return (int)n;
}
