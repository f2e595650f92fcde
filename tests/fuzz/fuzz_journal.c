/* SPDX-License-Identifier: MIT */
/*
 * fuzz_journal.c - a server's journal, as it may be found after a crash or a
 * bad disk: lines are read, and what they say is restored.
 *
 * A line that is read is one that would be written; whatever a journal says, the
 * server's tables hold together. The input's bytes are taken once as they are, and
 * once with the checksum of each line put right, for what is behind it. And it is
 * the older of two files, one of which holds at any moment.
 */
#include <string.h>

#include <netlab/dhcp_server.h>

#include "base/addr.h"
#include "dhcp/journal.h"

#define NET 0x0a000000u
#define NOW (1000 * DHCP_SECOND)
#define SUM_LEN 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static struct dhcp_server_options small_server(void)
{
	return (struct dhcp_server_options){
		.address = NET + 1, .prefix_len = 24, .first = NET + 2, .last = NET + 9,
		.default_lease_sec = 20, .min_lease_sec = 1, .max_lease_sec = 30,
		.offer_sec = 5, .decline_sec = 30, .max_bindings = 6, .seed = 7,
		.force_renew = true,
	};
}

static void check_line(const char *line, size_t len, const struct dhcp_binding *b,
		       const struct dhcp_binding_more *more)
{
	char again[JOURNAL_LINE_MAX];

	check(journal_write(b, more, again) == len + 1 && !memcmp(line, again, len));
	check(again[len] == '\n' && memchr(b->host_name, '\0', sizeof(b->host_name)));
	check(b->id_len <= sizeof(b->id) && b->hlen <= sizeof(b->chaddr));
}

/* No address twice, no client twice, none of another network, and not the server's own. */
static void check_bindings(const struct dhcp_server *s)
{
	const struct dhcp_binding *x, *y;
	size_t n = 0;

	for (; (x = dhcp_server_binding(s, n)); n++) {
		check(ip4_in_prefix(x->address, NET, 24) && x->address != NET + 1);
		for (size_t i = 0; i < n; i++) {
			y = dhcp_server_binding(s, i);
			check(x->address != y->address);
			check(!x->id_len || x->id_len != y->id_len ||
			      x->id_is_option != y->id_is_option ||
			      memcmp(x->id, y->id, x->id_len) != 0);
		}
	}
	check(n <= 6);
}

static void read_line(struct dhcp_server *s, const char *line, size_t len)
{
	struct dhcp_binding_more more;
	struct dhcp_binding b;

	if (journal_read(line, len, &b, &more) < 0)
		return;
	check_line(line, len, &b, &more);
	(void)dhcp_server_restore(s, &b, &more, NOW);
	check_bindings(s);
}

static uint32_t sum_of(const char *s, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)s[i]) * 16777619u;
	return hash;
}

static void read_mended(struct dhcp_server *s, const char *line, size_t len)
{
	char mended[JOURNAL_LINE_MAX];
	uint32_t sum;

	if (len <= SUM_LEN || len >= sizeof(mended))
		return;
	memcpy(mended, line, len);
	sum = sum_of(line, len - SUM_LEN - 1);
	for (int i = 0; i < 4; i++)
		hex_byte((uint8_t)(sum >> (24 - 8 * i)), mended + len - SUM_LEN + 2 * i);
	read_line(s, mended, len);
}

static void read_all(const char *p, const char *end,
		     void (*read)(struct dhcp_server *, const char *, size_t))
{
	struct dhcp_server_options opt = small_server();
	cleanup_free void *mem = malloc(dhcp_server_size(&opt));
	struct dhcp_server *s;

	check(mem && dhcp_server_init(mem, &opt, &s) == 0);
	while (p < end) {
		const char *line_end = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((line_end ? line_end : end) - p);

		read(s, p, len);
		p += len + 1;
	}
}

/*
 * A server is killed while it writes its journal anew, with this input as the old
 * one: it holds until all that the head promises is there, and not any longer.
 */
static void check_anew(const char *old, size_t len)
{
	cleanup_free char *new = malloc(JOURNAL_LINE_MAX + len);
	struct journal_file file[2] = { { old, len }, { "whole\n", 6 } };
	uint64_t generation, anew;
	size_t head;

	/* Who was damaged itself holds only if there is nothing else. */
	if (journal_newest(file, &generation) == 1 || generation == UINT64_MAX)
		return;
	check(new);
	file[1].bytes = new;
	head = journal_write_head(generation + 1, len, new);
	memcpy(new + head, old, len);
	for (file[1].len = 0; file[1].len < head + len; file[1].len += 1 + file[1].len / 8)
		check(journal_newest(file, &anew) == 0 && anew == generation);
	file[1].len = head + len;
	check(journal_newest(file, &anew) == 1 && anew == generation + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	read_all(text, text + size, read_line);
	read_all(text, text + size, read_mended);
	check_anew(text, size);
	return 0;
}
