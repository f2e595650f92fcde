/* SPDX-License-Identifier: MIT */
/* world.h - two machines and the cable between them, for tests on the real kernel. */
#ifndef SYSTEM_WORLD_H
#define SYSTEM_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sys/netconf.h"

#define IP_A 0x0a000001u	/* 10.0.0.1 */
#define IP_B 0x0a000002u
#define FOREVER UINT32_MAX
#define SECOND_US 1000000u

extern const uint8_t mac_a[6], mac_b[6];

/* @ia, @ib: the cable's ends, "east" in @a and "west" in @b, up and addressed. */
struct world {
	int home, a, b;
	struct netconf *na, *nb;
	int ia, ib;
	struct error err;
};

/* Fails the test with the error's text. */
#define assert_ok(w, call)                                                   \
	({                                                                   \
		int ok_ = (call);                                            \
		if (ok_ < 0)                                                 \
			fail_msg("%s: %d: %s", #call, ok_, (w)->err.text);   \
		ok_;                                                         \
	})

int make_world(void **state);
int end_world(void **state);

#define WORLD_TEST(fn) cmocka_unit_test_setup_teardown(fn, make_world, end_world)

#endif
