/* SPDX-License-Identifier: MIT */
#include "judge/judge.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "judge/private.h"

void rule(const struct court *c, enum judge_result result, const char *fmt, ...)
{
	va_list ap;

	c->ret->result = result;
	va_start(ap, fmt);
	vsnprintf(c->ret->evidence, sizeof(c->ret->evidence), fmt, ap);
	va_end(ap);
}

bool is_in_time(const struct scn_expect *e, uint64_t t)
{
	return t >= e->after && (!e->within || t - e->after <= e->within);
}

/* What must not happen can only be judged when it can happen no more. */
static uint64_t judged_from(const struct scn_expect *e)
{
	bool is_absence = e->kind == SCN_EXPECT_MESSAGE && e->count_last != UINT32_MAX;

	return e->after + (is_absence ? e->within : 0);
}

static bool is_too_early(const struct court *c)
{
	uint64_t now = c->ops->now(c->ctx), from = judged_from(c->e);
	char a[DURATION_LEN], b[DURATION_LEN];

	if (now >= from)
		return false;
	rule(c, JUDGE_FAIL, "too early: judged from %s of lab time on, and it is %s",
	     duration_format(from, a), duration_format(now / 1000000 * 1000000, b));
	return true;
}

void judge_expect(const struct scenario *s, const struct scn_expect *e, const struct judge_ops *ops,
		  void *ctx, struct judgement *ret)
{
	const struct court c = { s, e, ops, ctx, ret };

	if (is_too_early(&c))
		return;
	switch (e->kind) {
	case SCN_EXPECT_STATE:
		judge_state(&c);
		break;
	case SCN_EXPECT_MESSAGES:
		judge_messages(&c);
		break;
	case SCN_EXPECT_MESSAGE:
		judge_message(&c);
		break;
	case SCN_EXPECT_PING:
		judge_ping(&c);
		break;
	case SCN_EXPECT_ROUTE:
		judge_route(&c);
		break;
	case SCN_EXPECT_ADDRESS:
		judge_address(&c);
		break;
	case SCN_EXPECT_NO_ADDRESS:
		judge_no_address(&c);
		break;
	}
}

const char *judge_result_name(enum judge_result r)
{
	static const char *const names[] = {
		[JUDGE_PASS] = "pass",
		[JUDGE_FAIL] = "fail",
		[JUDGE_SKIP] = "skip",
	};

	return names[r];
}

void judge_host_done(struct judge_host *h)
{
	free(h->addresses);
	free(h->routes);
}

int judge_host_address(struct judge_host *h, size_t iface, uint32_t address)
{
	struct judge_address *more = reallocarray(h->addresses, h->n_addresses + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	h->addresses = more;
	more[h->n_addresses++] = (struct judge_address){ iface, address };
	return 0;
}

int judge_host_route(struct judge_host *h, uint32_t dest, uint8_t prefix_len, uint32_t gateway)
{
	struct judge_route *more = reallocarray(h->routes, h->n_routes + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	h->routes = more;
	more[h->n_routes++] = (struct judge_route){ dest, gateway, prefix_len };
	return 0;
}
