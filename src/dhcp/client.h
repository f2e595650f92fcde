/* SPDX-License-Identifier: MIT */
/*
 * client.h - what the parts of the DHCP client share.
 *
 *	client_filter.c	may this message speak to this client at all?
 *	client_table.c	the table, and the list of what is ignored on purpose
 *	client_guard.c	the conditions of its rows: const, nothing but questions
 *	client_act.c	what its rows do, on a copy of the client
 *	client_take.c	of that: an ACK becomes the lease
 *	client_send.c	the messages that the acts send
 *	client_lease.c	from an ACK to a lease
 *	client.c	init, step, names
 */
#ifndef DHCP_CLIENT_H
#define DHCP_CLIENT_H

#include <netlab/dhcp_client.h>

#include "base/util.h"

#define RFC2131(section) "RFC 2131 section " section

/**
 * struct client_guard - a condition
 * @name: for people: "from the chosen server"; "" for always
 */
struct client_guard {
	const char *name;
	bool (*holds)(const struct dhcp_client *c, const struct dhcp_event *ev);
};

/**
 * struct client_act - what a row does
 * @name: for people: "send DHCPDISCOVER"
 * @run: works on a copy whose state is the new one already; sets the copy's
 *	deadline; 0 or -errno, then the copy is thrown away
 */
struct client_act {
	const char *name;
	int (*run)(struct dhcp_client *next, const struct dhcp_event *ev,
		   struct dhcp_actions *out);
};

/* One arrow: in @from, @on happens and @guard holds: do @act and be in @to. */
struct client_row {
	enum dhcp_client_state from;
	enum dhcp_client_trigger on;
	const struct client_guard *guard;
	enum dhcp_client_state to;
	const struct client_act *act;
	struct dhcp_reason reason;
};

/* client_table.c: the first row that fits; NULL if the event is to be ignored. */
const struct client_row *client_row_find(const struct dhcp_client *c, enum dhcp_client_trigger on,
					 const struct dhcp_event *ev);
/* Why @ev was ignored. */
struct dhcp_reason client_ignore_reason(const struct dhcp_client *c, enum dhcp_client_trigger on,
					const struct dhcp_event *ev);

/**
 * client_filter() - the checks that hold in every state, in one place
 * @ret: filled when the message is refused
 *
 * Return: may the message reach the table?
 */
bool client_filter(const struct dhcp_client *c, const struct dhcp_event *ev,
		   struct dhcp_reason *ret);

/* All that can be said of what changes nothing: the @i-th; false past the last. */
bool client_filter_reason(size_t i, struct dhcp_reason *ret);
bool client_ignored_reason(size_t i, struct dhcp_reason *ret);

/* Is this ACK the answer to the INFORM that @c sent, and not to a REQUEST? */
bool client_is_inform_answer(const struct dhcp_client *c, const struct dhcp_message *m);

/* The value of option 61: what the user chose, or 1 and the MAC address. Returns its length. */
size_t client_identifier(const struct dhcp_client *c, uint8_t ret[static DHCP_CLIENT_ID_MAX]);

/* Has @m an option 90 that can be read? */
struct auth;
bool client_read_auth(const struct dhcp_message *m, struct auth *ret);

/* Is @code on the list of what this client asks for, option 55? */
bool client_requests(const struct dhcp_client *c, uint8_t code);

/* Does @m tell one who asked that IPv6 will do here (RFC 8925)? */
bool client_is_ipv6_enough(const struct dhcp_client *c, const struct dhcp_message *m);
/* Is @m an OFFER of no address which says that the client shall make none up (RFC 2563)? */
bool client_is_forbidden_own(const struct dhcp_client *c, const struct dhcp_message *m);

/* Seconds since the exchange began, as far as the field goes. */
uint16_t client_secs(const struct dhcp_client *c, uint64_t now);

/* client_send.c: each adds one SEND to @out. 0 or -EMSGSIZE. */
int client_send_discover(const struct dhcp_client *c, uint64_t now, struct dhcp_actions *out);
/* What a REQUEST holds depends on the state: RFC 2131 section 4.3.2, table 4. */
int client_send_request(const struct dhcp_client *c, uint64_t now, struct dhcp_actions *out);
int client_send_decline(const struct dhcp_client *c, struct dhcp_actions *out);
int client_send_release(const struct dhcp_client *c, struct dhcp_actions *out);
int client_send_inform(const struct dhcp_client *c, struct dhcp_actions *out);

/* The next free entry of @out, which has room for all that one row can want. */
struct dhcp_action *client_action(struct dhcp_actions *out, enum dhcp_action_type type);

/* client_guard.c */
extern const struct client_guard client_guard_always;
extern const struct client_guard client_guard_may_reboot;
extern const struct client_guard client_guard_wants_delay;
extern const struct client_guard client_guard_tried_enough;
extern const struct client_guard client_guard_rapid;
extern const struct client_guard client_guard_rapid_and_probes;
extern const struct client_guard client_guard_ipv6_only;
extern const struct client_guard client_guard_ours_ipv6_only;
extern const struct client_guard client_guard_waits_for_ipv6;
extern const struct client_guard client_guard_forbidden;
extern const struct client_guard client_guard_previous;
extern const struct client_guard client_guard_has_offer;
extern const struct client_guard client_guard_collects;
extern const struct client_guard client_guard_is_idle;
extern const struct client_guard client_guard_asked_and_probes;
extern const struct client_guard client_guard_asked;
extern const struct client_guard client_guard_from_asked;
extern const struct client_guard client_guard_ours_and_probes;
extern const struct client_guard client_guard_ours;
extern const struct client_guard client_guard_ours_from_leasing;
extern const struct client_guard client_guard_informs;
extern const struct client_guard client_guard_lease_over;
extern const struct client_guard client_guard_past_t2;
extern const struct client_guard client_guard_not_probing;
extern const struct client_guard client_guard_has_probes;
extern const struct client_guard client_guard_is_probing;
extern const struct client_guard client_guard_announces;
extern const struct client_guard client_guard_inform_due;
extern const struct client_guard client_guard_inform_over;
extern const struct client_guard client_guard_may_defend;
extern const struct client_guard client_guard_has_tries;
extern const struct client_guard client_guard_has_lease;
extern const struct client_guard client_guard_keeps_lease;
extern const struct client_guard client_guard_will_release;
extern const struct client_guard client_guard_conflict_ours;
extern const struct client_guard client_guard_other_server;
extern const struct client_guard client_guard_lacks_nonce;

/* client_take.c */
/* Worth telling, and no transition tells it. */
void client_note(const struct dhcp_client *c, struct dhcp_actions *out, const char *why,
		 const char *rfc);
uint32_t client_server_of(const struct dhcp_event *ev);
/* What a FORCERENEW will be signed with, if @m, an ACK, brings it. */
void client_take_nonce(struct dhcp_client *c, const struct dhcp_message *m);
/* @m's options are those of the lease, or of what an INFORM was answered with. */
void client_take_parameters(struct dhcp_client *c, const struct dhcp_message *m,
			    struct dhcp_actions *out);
/* The ACK @ev is the lease now, counted from when the REQUEST was sent (section 4.4.5). */
void client_take_lease(struct dhcp_client *c, const struct dhcp_event *ev,
		       struct dhcp_actions *out);

/* client_act.c */
extern const struct client_act client_act_wait;
extern const struct client_act client_act_ipv6_only;
extern const struct client_act client_act_go_without;
extern const struct client_act client_act_discover;
extern const struct client_act client_act_discover_again;
extern const struct client_act client_act_request;
extern const struct client_act client_act_request_again;
extern const struct client_act client_act_request_kept;
extern const struct client_act client_act_keep_offer;
extern const struct client_act client_act_pass_over;
extern const struct client_act client_act_reboot;
extern const struct client_act client_act_reboot_anew;
extern const struct client_act client_act_begin_probes;
extern const struct client_act client_act_probe_first;
extern const struct client_act client_act_probe;
extern const struct client_act client_act_announce;
extern const struct client_act client_act_defend;
extern const struct client_act client_act_bind;
extern const struct client_act client_act_bind_probed;
extern const struct client_act client_act_keep;
extern const struct client_act client_act_refused;
extern const struct client_act client_act_give_up;
extern const struct client_act client_act_expire;
extern const struct client_act client_act_decline;
extern const struct client_act client_act_release;
extern const struct client_act client_act_halt;
extern const struct client_act client_act_renew;
extern const struct client_act client_act_renew_again;
extern const struct client_act client_act_renew_forced;
extern const struct client_act client_act_renew_again_forced;
extern const struct client_act client_act_rebind_again_forced;
extern const struct client_act client_act_rebind;
extern const struct client_act client_act_rebind_again;
extern const struct client_act client_act_inform;
extern const struct client_act client_act_inform_again;
extern const struct client_act client_act_inform_over;
extern const struct client_act client_act_informed;

#endif
