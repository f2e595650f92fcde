/* SPDX-License-Identifier: MIT */
/* linklocal.c - RFC 3927 section 2: one row an arrow, the first whose guard holds. */
#include "dhcp/linklocal.h"

#include <string.h>

#include "base/addr.h"
#include "base/prng.h"
#include "base/util.h"

#define RFC3927(section) "RFC 3927 section " section

/* RFC 3927 section 9 */
#define PROBE_WAIT (1 * DHCP_SECOND)
#define PROBE_NUM 3
#define PROBE_MIN (1 * DHCP_SECOND)
#define PROBE_MAX (2 * DHCP_SECOND)
#define ANNOUNCE_WAIT (2 * DHCP_SECOND)
#define ANNOUNCE_NUM 2
#define ANNOUNCE_INTERVAL (2 * DHCP_SECOND)
#define MAX_CONFLICTS 10
#define RATE_LIMIT_INTERVAL (60 * DHCP_SECOND)
#define DEFEND_INTERVAL (10 * DHCP_SECOND)

/* RFC 3927 section 2.1: the first and the last 256 are reserved. */
#define FIRST (LINKLOCAL_PREFIX + 256)
#define COUNT (65536 - 2 * 256)

struct guard {
	const char *name;
	bool (*holds)(const struct linklocal *l, uint64_t now);
};

struct act {
	const char *name;
	void (*run)(struct linklocal *l, uint64_t now, struct dhcp_actions *out);
};

struct row {
	enum linklocal_state from;
	enum linklocal_trigger on;
	const struct guard *guard;
	enum linklocal_state to;
	const struct act *act;
	struct dhcp_reason reason;
};

static struct dhcp_action *add(struct dhcp_actions *out, enum dhcp_action_type type)
{
	struct dhcp_action *a = &out->action[out->n++];

	a->type = type;
	return a;
}

static struct dhcp_config config_of(const struct linklocal *l)
{
	return (struct dhcp_config){
		.address = l->address,
		.prefix_len = LINKLOCAL_PREFIX_LEN,
		.broadcast = LINKLOCAL_PREFIX | 0xffff,
		.expires = DHCP_NEVER,
	};
}

static void note(const struct linklocal *l, struct dhcp_actions *out, const char *why,
		 const char *rfc)
{
	add(out, DHCP_ACTION_NOTE)->note = (struct dhcp_note){ { why, rfc }, l->address };
}

static void choose(struct linklocal *l)
{
	l->address = FIRST + prng_below(&l->prng, COUNT);
}

/* RFC 3927 section 2.2.1: hosts that come up together shall not probe together. */
static void probe_from(struct linklocal *l, uint64_t at)
{
	l->probes_left = PROBE_NUM;
	l->defended_until = 0;
	l->deadline = at + prng_below(&l->prng, PROBE_WAIT + 1);
}

static void begin(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	probe_from(l, now);
}
static const struct act act_begin = { "choose an address, prepare to probe for it", begin };

static void probe(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	add(out, DHCP_ACTION_PROBE)->probe = l->address;
	l->probes_left--;
	l->deadline = now + (l->probes_left ? PROBE_MIN + prng_below(&l->prng, PROBE_MAX -
								     PROBE_MIN + 1)
					    : ANNOUNCE_WAIT);
}
static const struct act act_probe = { "send an ARP probe", probe };

/* RFC 3927 section 2.2.1: more than MAX_CONFLICTS, and one new address a minute is enough. */
static void choose_another(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	note(l, out, "somebody else has it, or wants it now: another is chosen",
	     RFC3927("2.2.1"));
	if (l->conflicts <= MAX_CONFLICTS)
		l->conflicts++;
	choose(l);
	probe_from(l, now + (l->conflicts > MAX_CONFLICTS ? RATE_LIMIT_INTERVAL : 0));
}
static const struct act act_choose_another = { "choose another address, probe for that",
					       choose_another };

static void announce(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	add(out, DHCP_ACTION_ANNOUNCE)->announce = l->address;
	l->announcements_left--;
	l->deadline = l->announcements_left ? now + ANNOUNCE_INTERVAL : DHCP_NEVER;
}
static const struct act act_announce = { "announce the address again", announce };

static void claim(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	l->conflicts = 0;
	l->announcements_left = ANNOUNCE_NUM;
	add(out, DHCP_ACTION_CONFIGURE)->config = config_of(l);
	announce(l, now, out);
}
static const struct act act_claim = { "use the address, announce it", claim };

static void defend(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	add(out, DHCP_ACTION_ANNOUNCE)->announce = l->address;
	l->defended_until = now + DEFEND_INTERVAL;
	note(l, out, "somebody else uses it too: an announcement says once that it is ours",
	     RFC3927("2.5 (b)"));
}
static const struct act act_defend = { "announce that the address is ours", defend };

static void take_away(struct linklocal *l, struct dhcp_actions *out)
{
	add(out, DHCP_ACTION_DECONFIGURE)->config = config_of(l);
}

static void give_in(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	take_away(l, out);
	choose(l);
	probe_from(l, now);
}
static const struct act act_give_in = { "cease to use the address, choose another", give_in };

static void probe_anew(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	take_away(l, out);
	probe_from(l, now);
}
static const struct act act_probe_anew = { "take the address off, probe for it again",
					   probe_anew };

static void rest(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	l->deadline = DHCP_NEVER;
}
static const struct act act_rest = { "probe no more", rest };

static void give_up(struct linklocal *l, uint64_t now, struct dhcp_actions *out)
{
	take_away(l, out);
	l->deadline = DHCP_NEVER;
}
static const struct act act_give_up = { "take the address off", give_up };

static const struct guard guard_always = { "", NULL };

static bool has_probes(const struct linklocal *l, uint64_t now)
{
	return l->probes_left;
}
static const struct guard guard_has_probes = { "probes are left", has_probes };

static bool may_defend(const struct linklocal *l, uint64_t now)
{
	return now >= l->defended_until;
}
static const struct guard guard_may_defend = { "the first in 10 s", may_defend };

#define ROW_OF(from_, on_, if_, to_, do_, why_, rfc_)                                        \
	{                                                                                   \
		LINKLOCAL_##from_, LINKLOCAL_ON_##on_, &guard_##if_, LINKLOCAL_##to_,       \
		&act_##do_, { why_, rfc_ }                                                  \
	}
#define ROW(from_, on_, if_, to_, do_, why_, rfc_) \
	ROW_OF(from_, on_, if_, to_, do_, why_, RFC3927(rfc_))

static const struct row table[] = {
	ROW(OFF,     WANTED,   always,     PROBING, begin,
	    "no lease gives this interface an address: it chooses one for this link", "2.1"),

	ROW(PROBING, DEADLINE, has_probes, PROBING, probe,
	    "nobody answered so far", "2.2.1"),
	ROW(PROBING, DEADLINE, always,     CLAIMED, claim,
	    "nobody answered the probes: the address is ours on this link", "2.4"),
	ROW(PROBING, CONFLICT, always,     PROBING, choose_another,
	    "somebody else has the address", "2.2.1"),
	ROW(PROBING, LINK_UP,  always,     PROBING, begin,
	    "the link was away: who is on it now is not known", "2.2"),
	ROW(PROBING, LEASE,    always,     OFF,     rest,
	    "a lease came: a routable address is to be preferred", "1.9"),
	ROW_OF(PROBING, FORBIDDEN, always, OFF,     rest,
	    "a server says that no address shall be made up here", "RFC 2563 section 2.2"),
	ROW(PROBING, STOP,     always,     OFF,     rest,
	    "the client ends, and its interface is to have no address", "1.9"),

	ROW(CLAIMED, DEADLINE, always,     CLAIMED, announce,
	    "the second announcement: nobody's ARP cache shall know another", "2.4"),
	ROW(CLAIMED, CONFLICT, may_defend, CLAIMED, defend,
	    "somebody else uses our address: say once that it is ours", "2.5 (b)"),
	ROW(CLAIMED, CONFLICT, always,     PROBING, give_in,
	    "somebody else goes on using our address: cease to, and choose another",
	    "2.5 (b)"),
	ROW(CLAIMED, LINK_UP,  always,     PROBING, probe_anew,
	    "the link was away: somebody on it may have the address now", "2.2"),
	ROW(CLAIMED, LEASE,    always,     OFF,     give_up,
	    "a lease came: an interface shall not have both addresses", "1.9"),
	ROW_OF(CLAIMED, FORBIDDEN, always, OFF,     give_up,
	    "a server says that no address shall be made up here", "RFC 2563 section 2.2"),
	ROW(CLAIMED, STOP,     always,     OFF,     give_up,
	    "the client ends, and its interface is to have no address", "1.9"),
};

void linklocal_init(struct linklocal *l, const uint8_t mac[static 6], uint64_t seed)
{
	char text[MAC_LEN];

	*l = (struct linklocal){
		.deadline = DHCP_NEVER,
		.prng = prng_derive(prng_derive(seed, "link-local"), mac_format(mac, text)),
	};
	choose(l);
}

static const struct row *find(const struct linklocal *l, enum linklocal_trigger on, uint64_t now)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct row *row = &table[i];

		if (row->from == l->state && row->on == on &&
		    (!row->guard->holds || row->guard->holds(l, now)))
			return row;
	}
	return NULL;
}

int linklocal_step(struct linklocal *l, enum linklocal_trigger on, uint64_t now,
		   struct dhcp_actions *out)
{
	const struct row *row = NULL;

	out->n = 0;
	out->facts = (struct dhcp_facts){ 0 };
	out->from = out->to = (uint8_t)l->state;
	if (on != LINKLOCAL_ON_DEADLINE || now >= l->deadline)
		row = find(l, on, now);
	if (!row)
		return 0;

	row->act->run(l, now, out);
	l->state = row->to;
	out->to = (uint8_t)row->to;
	out->reason = row->reason;
	return 1;
}

const char *linklocal_state_name(enum linklocal_state s)
{
	switch (s) {
	case LINKLOCAL_OFF:
		return "OFF";
	case LINKLOCAL_PROBING:
		return "PROBING";
	case LINKLOCAL_CLAIMED:
		return "CLAIMED";
	}
	return "?";
}

static const char *trigger_name(enum linklocal_trigger t)
{
	switch (t) {
	case LINKLOCAL_ON_WANTED:
		return "wanted";
	case LINKLOCAL_ON_LEASE:
		return "lease";
	case LINKLOCAL_ON_FORBIDDEN:
		return "forbidden";
	case LINKLOCAL_ON_STOP:
		return "stop";
	case LINKLOCAL_ON_LINK_UP:
		return "link up";
	case LINKLOCAL_ON_DEADLINE:
		return "deadline";
	case LINKLOCAL_ON_CONFLICT:
		return "conflict";
	}
	return "?";
}

bool linklocal_row(size_t i, struct dhcp_row *ret)
{
	const struct row *row;

	if (i >= ARRAY_SIZE(table))
		return false;

	row = &table[i];
	*ret = (struct dhcp_row){
		.from = linklocal_state_name(row->from),
		.on = trigger_name(row->on),
		.guard = row->guard->name,
		.to = linklocal_state_name(row->to),
		.act = row->act->name,
		.reason = row->reason,
	};
	return true;
}
