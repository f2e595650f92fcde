/* SPDX-License-Identifier: MIT */
#include "lab/lease_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "sys/clock.h"
#include "sys/file.h"

#define HEAD "netlab-lease 1\n"
#define FOREVER "infinity"

void lease_file_format(const struct stored_lease *l, struct text *out)
{
	char ip[IP4_LEN];

	text_add(out, HEAD "address %s\n", ip4_format(l->address, ip));
	if (l->until == UINT64_MAX)
		text_add(out, "until " FOREVER "\n");
	else
		text_add(out, "until %llu\n", (unsigned long long)l->until);
}

/* "KEY VALUE\n" at @pos, which moves on; NULL: it is not there. */
static char *take_line(char **pos, const char *key)
{
	size_t n = strlen(key);
	char *value = *pos + n, *end = strchr(*pos, '\n');

	if (!end || strncmp(*pos, key, n) != 0)
		return NULL;
	*end = '\0';
	*pos = end + 1;
	return value;
}

/* Digits alone; ten years of 365 days from the year 2100 need no more than eleven. */
static int read_until(const char *s, uint64_t *ret)
{
	size_t len = strlen(s);

	if (strcmp(s, FOREVER) == 0) {
		*ret = UINT64_MAX;
		return 0;
	}
	if (len == 0 || len > 11 || strspn(s, "0123456789") != len)
		return -EBADMSG;
	*ret = strtoull(s, NULL, 10);
	return 0;
}

int lease_file_parse(const char *text, size_t len, struct stored_lease *ret)
{
	char copy[LEASE_FILE_MAX + 1], *pos = copy, *address, *until;
	struct stored_lease l = { 0 };

	if (len > LEASE_FILE_MAX || memchr(text, '\0', len))
		return -EBADMSG;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (strncmp(pos, HEAD, strlen(HEAD)) != 0)
		return -EBADMSG;
	pos += strlen(HEAD);
	address = take_line(&pos, "address ");
	until = address ? take_line(&pos, "until ") : NULL;
	if (!until || *pos || ip4_parse(address, &l.address) < 0 || !ip4_is_host(l.address) ||
	    read_until(until, &l.until) < 0)
		return -EBADMSG;
	*ret = l;
	return 0;
}

/* What can not be read is no lease: the client begins anew, and writes a good one. */
static uint32_t read_address(const char *dir, const char *name)
{
	char path[PATH_MAX];
	cleanup_free char *text = NULL;
	struct stored_lease l;
	size_t len;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path) ||
	    file_read(path, LEASE_FILE_MAX, &text, &len) < 0 ||
	    lease_file_parse(text, len, &l) < 0)
		return 0;
	return l.until > clock_wall_ns() / 1000000000 ? l.address : 0;
}

int lease_files_open(const struct scenario *s, bool privileged, uint32_t **ret_address,
		     struct error *err)
{
	cleanup_free uint32_t *address = NULL;
	char dir[PATH_MAX];
	size_t n = 0;
	int r;

	*ret_address = NULL;
	for (size_t i = 0; i < s->n_ifaces; i++)
		n += scn_lease_file(&s->ifaces[i])[0] != '\0';
	if (n == 0)
		return -1;

	r = file_state_dir(privileged, dir, sizeof(dir), err);
	if (r < 0)
		return r;
	address = calloc(s->n_ifaces, sizeof(*address));
	r = address ? file_open(dir) : -ENOMEM;
	if (r < 0)
		return error_set(err, r, "%s: %s", dir, strerror(-r));
	for (size_t i = 0; i < s->n_ifaces; i++)
		if (scn_lease_file(&s->ifaces[i])[0])
			address[i] = read_address(dir, scn_lease_file(&s->ifaces[i]));
	*ret_address = TAKE_PTR(address);
	return r;
}

int lease_file_write(int dir, const char *name, const struct dhcp_config *c, uint32_t seconds)
{
	cleanup_text struct text out = { 0 };
	struct stored_lease l = {
		.address = c->address,
		.until = seconds == UINT32_MAX ? UINT64_MAX
					       : clock_wall_ns() / 1000000000 + seconds,
	};

	lease_file_format(&l, &out);
	return out.failed ? -ENOMEM : file_replace_at(dir, name, out.str, out.len);
}
