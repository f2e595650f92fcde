/* SPDX-License-Identifier: MIT */
/*
 * build.h - carries a plan out on the kernel, and back.
 */
#ifndef LAB_BUILD_H
#define LAB_BUILD_H

#include "lab/profile.h"
#include "lab/state.h"
#include "sys/netconf.h"

/**
 * struct build - what stands so far
 * @home: the monitor's own namespace: the caller's, with privilege
 * @ns: @conf: per node; a descriptor and a netlink socket, -1 and NULL before
 * @ifindex: per interface; 0 before
 * @wires: the namespace in which the wires' inner ends are, -1 without any; @wires_conf
 * @wire_index: per interface: the inner end that its cable leads to; 0: it is no wire's
 * @at: per interface: the node in whose namespace it is: a port can be moved
 * @muted: per interface: its switch does not flood it with broadcasts yet, see lab/flood.h
 * @state: descriptor of the state file
 * @pin: namespaces get names under /run/netns
 * @cancelled: asked before each operation; NULL allowed
 */
struct build {
	const struct plan *plan;
	const struct scenario *scenario;
	int home;
	int *ns;
	struct netconf **conf;
	int *ifindex;
	int wires;
	struct netconf *wires_conf;
	int *wire_index;
	size_t *at;
	bool *muted;
	int state;
	bool pin;
	struct profile *profile;
	void *ctx;
	bool (*cancelled)(void *ctx);
};

/* Arrays for @plan; nothing is touched. 0 or -errno. */
int build_init(struct build *b, const struct plan *plan, struct error *err);
void build_done(struct build *b);

/* Every operation of the plan up to the machines, in order. 0, -ECANCELED or -errno. */
int build_run(struct build *b, struct error *err);
/*
 * A link that is up is not ready: its first frame may be lost until OPERSTATE says up. That
 * takes the kernel a moment, in which other things can be done. 0 or -errno.
 */
int build_wait_up(struct build *b, struct error *err);

/* Is what a namespace in the caller's own would need still free? Before anything is touched. */
int build_check_caller(const struct scenario *s, struct error *err);

/*
 * May @iface have this address? In the lab's own namespaces it may have any; in the
 * caller's none of a subnet that an interface of the machine's reaches (-EADDRINUSE), nor
 * of one that the scenario does not have (-EPERM).
 */
int build_check_address(const struct build *b, const char *lab, size_t iface, uint32_t address,
			uint8_t prefix_len, struct error *err);

/**
 * build_undo() - the inverses, newest first, from a state file
 * @lab: its name; @dir: its run directory
 * @home: the namespace in which links of the caller's own are looked for
 * @ret: counts, and sentences for what is kept
 *
 * Return: 0, or the first -errno of what could not be removed
 */
int build_undo(const char *lab, const char *dir, int home, struct lab_down_report *ret);

/* What a whole lab of the scenario has, for the report of a `down` that had nothing to undo. */
void build_count(const struct scenario *s, struct lab_down_report *ret);

#endif
