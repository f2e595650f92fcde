/* SPDX-License-Identifier: MIT */
#include "dhcp/journal.h"

#include <errno.h>
#include <string.h>

#include "base/addr.h"

#define US 1000000
#define US_DIGITS 6
#define NEVER UINT64_MAX	/* DHCP_NEVER */
#define HTYPE_ETHERNET 1
#define MAC_BYTES 6
#define HEAD "journal "

static const char *const states[DHCP_BINDING_STATES] = {
	[DHCP_BINDING_ACTIVE] = "active",
	[DHCP_BINDING_EXPIRED] = "expired",
	[DHCP_BINDING_RELEASED] = "released",
	[DHCP_BINDING_DECLINED] = "declined",
};

static uint32_t checksum(const char *s, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)s[i]) * 16777619u;
	return hash;
}

/* ---- out: each puts a word's part at @p and returns where the next one goes ---- */

static char *put_text(char *p, const char *text)
{
	size_t len = strlen(text);

	memcpy(p, text, len);
	return p + len;
}

static char *put_number(char *p, uint64_t n, int digits)
{
	char text[20];
	int at = sizeof(text);

	while (n || digits > 0) {
		text[--at] = (char)('0' + n % 10);
		n /= 10;
		digits--;
	}
	memcpy(p, text + at, sizeof(text) - (size_t)at);
	return p + sizeof(text) - at;
}

static char *put_hex(char *p, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++, p += 2) {
		if (i)
			*p++ = ':';
		hex_byte(data[i], p);
	}
	return p;
}

static char *put_time(char *p, uint64_t us)
{
	if (us == NEVER)
		return put_text(p, "0");
	p = put_number(p, us / US, 1);
	*p++ = '.';
	return put_number(p, us % US, US_DIGITS);
}

static char *put_hardware(char *p, const struct dhcp_binding *b)
{
	if (b->htype != HTYPE_ETHERNET || b->hlen != MAC_BYTES) {
		p = put_hex(p, &b->htype, 1);
		*p++ = '-';
	}
	return put_hex(p, b->chaddr, b->hlen);
}

static char *put_id(char *p, const struct dhcp_binding *b)
{
	if (!b->id_len)
		return put_text(p, "-");
	return b->id_is_option ? put_hex(p, b->id, b->id_len) : put_text(p, "*");
}

static char *put_named_hex(char *p, const char *name, const uint8_t *data, size_t len)
{
	return len ? put_hex(put_text(p, name), data, len) : p;
}

static char *put_named_time(char *p, const char *name, uint64_t us)
{
	return us ? put_time(put_text(p, name), us) : p;
}

static char *put_more(char *p, const struct dhcp_binding_more *more)
{
	p = put_named_time(p, " seen=", more->seen);
	p = put_named_time(p, " since=", more->since);
	p = put_named_hex(p, " nonce=", more->nonce, more->has_nonce ? sizeof(more->nonce) : 0);
	if (more->class)
		p = put_number(put_text(p, " class="), more->class, 1);
	p = put_named_hex(p, " vendor=", more->vendor, more->vendor_len);
	return put_named_hex(p, " relay=", more->relay, more->relay_len);
}

/* A space, the checksum of what there is from @out to @p, a newline. The length of it all. */
static size_t put_sum(char *out, char *p)
{
	uint32_t hash = checksum(out, (size_t)(p - out));

	*p++ = ' ';
	for (int shift = 24; shift >= 0; shift -= 8, p += 2)
		hex_byte((uint8_t)(hash >> shift), p);
	*p++ = '\n';
	return (size_t)(p - out);
}

size_t journal_write(const struct dhcp_binding *b, const struct dhcp_binding_more *more,
		     char out[static JOURNAL_LINE_MAX])
{
	char ip[IP4_LEN], *p = out;

	p = put_time(p, b->expires);
	*p++ = ' ';
	p = put_hardware(p, b);
	*p++ = ' ';
	p = put_text(p, ip4_format(b->address, ip));
	*p++ = ' ';
	p = put_text(p, b->host_name[0] ? b->host_name : "*");
	*p++ = ' ';
	p = put_id(p, b);
	*p++ = ' ';
	p = put_text(p, states[b->state]);
	if (more)
		p = put_more(p, more);
	return put_sum(out, p);
}

size_t journal_write_head(uint64_t generation, size_t bytes, char out[static JOURNAL_LINE_MAX])
{
	char *p = put_text(out, HEAD);

	p = put_number(p, generation, 1);
	*p++ = ' ';
	p = put_number(p, bytes, 1);
	return put_sum(out, p);
}

/* ---- in: only the shape is looked at; journal_read() compares the rest with what goes out ---- */

/* Behind the state come the words with names, and the checksum as the last. */
enum word { TIME, HARDWARE, ADDRESS, NAME, ID, STATE, WORDS_MIN = STATE + 2 };
#define WORDS_MAX (WORDS_MIN + 6)

/* Cuts @line at its spaces. How many words, or -EBADMSG for more or fewer than there can be. */
static int split(char *line, char *ret[static WORDS_MAX])
{
	int n = 0;

	for (char *p = line; p; n++) {
		if (n == WORDS_MAX)
			return -EBADMSG;
		ret[n] = p;
		p = strchr(p, ' ');
		if (p)
			*p++ = '\0';
	}
	return n >= WORDS_MIN ? n : -EBADMSG;
}

/* Too many digits, or too few, make a number that goes out otherwise than it came in. */
static uint64_t get_number(const char *s)
{
	uint64_t n = 0;

	for (; *s && *s != ' '; s++)
		if (*s >= '0' && *s <= '9')
			n = n * 10 + (uint64_t)(*s - '0');
	return n;
}

static uint64_t get_time(const char *s)
{
	return strcmp(s, "0") == 0 ? NEVER : get_number(s);
}

static uint8_t hex_digit(char c)
{
	return (uint8_t)(c >= 'a' ? c - 'a' + 10 : c - '0');
}

/* Bytes with a colon between two; how many, or -EBADMSG for more than @max. */
static int get_hex(const char *s, uint8_t *ret, size_t max)
{
	size_t len = strlen(s), n = (len + 1) / 3;

	if (n > max || (len && len % 3 != 2))
		return -EBADMSG;
	for (size_t i = 0; i < n; i++, s += 3)
		ret[i] = (uint8_t)(hex_digit(s[0]) << 4 | hex_digit(s[1]));
	return (int)n;
}

static int get_hardware(const char *s, struct dhcp_binding *b)
{
	int n;

	b->htype = HTYPE_ETHERNET;
	if (strlen(s) > 2 && s[2] == '-') {
		b->htype = (uint8_t)(hex_digit(s[0]) << 4 | hex_digit(s[1]));
		s += 3;
	}
	n = get_hex(s, b->chaddr, sizeof(b->chaddr));
	if (n < 0)
		return n;
	b->hlen = (uint8_t)n;
	return 0;
}

/* As the server makes one of the hardware address, RFC 2131 section 4.2. */
static void id_by_hardware(struct dhcp_binding *b)
{
	b->id[0] = b->htype;
	memcpy(b->id + 1, b->chaddr, b->hlen);
	b->id_len = (uint8_t)(1 + b->hlen);
}

static int get_id(const char *s, struct dhcp_binding *b)
{
	int n;

	if (strcmp(s, "-") == 0)
		return 0;
	if (strcmp(s, "*") == 0) {
		id_by_hardware(b);
		return 0;
	}
	b->id_is_option = true;
	n = get_hex(s, b->id, sizeof(b->id));
	if (n < 0)
		return n;
	b->id_len = (uint8_t)n;
	return 0;
}

static int get_name(const char *s, struct dhcp_binding *b)
{
	if (strcmp(s, "*") == 0)
		return 0;
	if (!*s || strlen(s) >= sizeof(b->host_name))
		return -EBADMSG;
	for (const char *p = s; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '*')
			return -EBADMSG;
	memcpy(b->host_name, s, strlen(s));
	return 0;
}

static int get_state(const char *s, struct dhcp_binding *b)
{
	for (int i = 0; i < DHCP_BINDING_STATES; i++)
		if (states[i] && strcmp(states[i], s) == 0) {
			b->state = (enum dhcp_binding_state)i;
			return 0;
		}
	return -EBADMSG;
}

static int get_named_hex(const char *s, uint8_t *ret, size_t max, uint8_t *ret_len)
{
	int n = get_hex(s, ret, max);

	if (n < 0)
		return n;
	*ret_len = (uint8_t)n;
	return 0;
}

static int get_nonce(const char *s, struct dhcp_binding_more *more)
{
	int n = get_hex(s, more->nonce, sizeof(more->nonce));

	more->has_nonce = n == sizeof(more->nonce);
	return more->has_nonce ? 0 : -EBADMSG;
}

static int get_class(const char *s, struct dhcp_binding_more *more)
{
	unsigned int n = 0;

	for (; *s >= '0' && *s <= '9' && n <= UINT8_MAX; s++)
		n = n * 10 + (unsigned int)(*s - '0');
	more->class = (uint8_t)n;
	return n <= UINT8_MAX ? 0 : -EBADMSG;
}

/* What follows @name in @word; NULL: it is another. */
static const char *named(const char *word, const char *name)
{
	size_t len = strlen(name);

	return strncmp(word, name, len) == 0 ? word + len : NULL;
}

static int get_more(const char *word, struct dhcp_binding_more *more)
{
	const char *s;

	if ((s = named(word, "seen=")))
		more->seen = get_time(s);
	else if ((s = named(word, "since=")))
		more->since = get_time(s);
	else if ((s = named(word, "nonce=")))
		return get_nonce(s, more);
	else if ((s = named(word, "class=")))
		return get_class(s, more);
	else if ((s = named(word, "vendor=")))
		return get_named_hex(s, more->vendor, sizeof(more->vendor), &more->vendor_len);
	else if ((s = named(word, "relay=")))
		return get_named_hex(s, more->relay, sizeof(more->relay), &more->relay_len);
	return 0;	/* another would not be written again */
}

static int get_words(char *const word[static WORDS_MIN], struct dhcp_binding *ret)
{
	ret->expires = get_time(word[TIME]);
	if (get_hardware(word[HARDWARE], ret) < 0 || ip4_parse(word[ADDRESS], &ret->address) < 0 ||
	    get_name(word[NAME], ret) < 0 || get_id(word[ID], ret) < 0 ||
	    get_state(word[STATE], ret) < 0)
		return -EBADMSG;
	return 0;
}

int journal_read(const char *line, size_t len, struct dhcp_binding *ret,
		 struct dhcp_binding_more *ret_more)
{
	char copy[JOURNAL_LINE_MAX], again[JOURNAL_LINE_MAX], *word[WORDS_MAX];
	struct dhcp_binding_more more = { 0 };
	struct dhcp_binding b = { 0 };
	int n;

	if (len >= sizeof(copy) || memchr(line, '\0', len))
		return -EBADMSG;
	memcpy(copy, line, len);
	copy[len] = '\0';
	n = split(copy, word);
	if (n < 0 || get_words(word, &b) < 0)
		return -EBADMSG;
	for (int i = STATE + 1; i < n - 1; i++)
		if (get_more(word[i], &more) < 0)
			return -EBADMSG;
	/* What is not as it would be written was not written so: the checksum is in it, too. */
	if (journal_write(&b, &more, again) != len + 1 || memcmp(again, line, len) != 0)
		return -EBADMSG;
	*ret = b;
	*ret_more = more;
	return 0;
}

int journal_read_head(const char *line, size_t len, uint64_t *ret_generation, size_t *ret_bytes)
{
	char copy[JOURNAL_LINE_MAX], again[JOURNAL_LINE_MAX], *second;
	uint64_t generation;
	size_t bytes;

	if (len >= sizeof(copy) || len < strlen(HEAD) || memchr(line, '\0', len))
		return -EBADMSG;
	memcpy(copy, line, len);
	copy[len] = '\0';
	second = strchr(copy + strlen(HEAD), ' ');
	if (!second)
		return -EBADMSG;
	generation = get_number(copy + strlen(HEAD));
	bytes = get_number(second + 1);
	if (!generation || journal_write_head(generation, bytes, again) != len + 1 ||
	    memcmp(again, line, len) != 0)
		return -EBADMSG;
	*ret_generation = generation;
	*ret_bytes = bytes;
	return 0;
}

/* ---- two files ---- */

/* Rising. CUT: not one whole line, which a head may have been to be. */
enum worth { NOTHING, CUT, UNFINISHED, FIRST, ANEW };

static enum worth worth_of(const struct journal_file *f, uint64_t *ret_generation)
{
	const char *end = f->len ? memchr(f->bytes, '\n', f->len) : NULL;
	size_t bytes, head;

	*ret_generation = 0;
	if (!f->len)
		return NOTHING;
	if (!end)
		return CUT;
	head = (size_t)(end - f->bytes);
	if (journal_read_head(f->bytes, head, ret_generation, &bytes) < 0)
		return FIRST;
	return f->len - head - 1 < bytes ? UNFINISHED : ANEW;
}

int journal_newest(const struct journal_file file[static 2], uint64_t *ret_generation)
{
	uint64_t generation[2];
	enum worth worth[2] = {
		worth_of(&file[0], &generation[0]), worth_of(&file[1], &generation[1]),
	};
	int best = worth[1] > worth[0] ||
		   (worth[1] == worth[0] && generation[1] > generation[0]);

	*ret_generation = generation[best];
	return best;
}
