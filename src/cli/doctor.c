/* SPDX-License-Identifier: MIT */
/* doctor.c - what a lab needs, tried out in a child's own namespaces, and found or not. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/out.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "sys/nat.h"
#include "sys/netconf.h"
#include "sys/netns.h"
#include "sys/packet.h"
#include "sys/proc.h"

#define TEST_NET 0xc0000200u	/* 192.0.2.0, RFC 5737 */

enum health {
	HEALTH_OK,
	HEALTH_NOTE,	/* labs work without it */
	HEALTH_FAIL,
};

/**
 * struct finding - one line of the report; also what the child sends, as it is
 * @mend: what to do about it; "" for nothing
 */
struct finding {
	enum health health;
	char what[16];
	char text[480];
	char mend[200];
};

struct doctor {
	struct term term;
	struct text out;
	bool failed;
};

static void add(struct doctor *d, const struct finding *f)
{
	static const struct {
		const char *word;
		enum tone tone;
	} looks[] = {
		[HEALTH_OK] = { "ok", TONE_GOOD },
		[HEALTH_NOTE] = { "--", TONE_DIM },
		[HEALTH_FAIL] = { "FAIL", TONE_BAD },
	};
	const char *word = looks[f->health].word;

	text_add(&d->out, "  ");
	term_paint(&d->term, &d->out, looks[f->health].tone, word);
	text_add(&d->out, "%*s%-11s %s\n", 6 - (int)strlen(word), "", f->what, f->text);
	if (f->mend[0])
		text_add(&d->out, "        mend: %s\n", f->mend);
	d->failed |= f->health == HEALTH_FAIL;
}

static struct finding finding(enum health health, const char *what, const char *text,
			      const char *mend)
{
	struct finding f = { .health = health };

	str_copy(f.what, sizeof(f.what), what);
	str_copy(f.text, sizeof(f.text), text);
	str_copy(f.mend, sizeof(f.mend), mend);
	return f;
}

/* In the child: one finding to the parent. Returns @r, so that a failure can end the tries. */
static int tell(int sock, int r, const char *what, const char *good, const struct error *err,
		const char *mend)
{
	struct finding f;

	if (r < 0)
		f = finding(HEALTH_FAIL, what, err->text[0] ? err->text : strerror(-r), mend);
	else
		f = finding(HEALTH_OK, what, good, "");
	fd_send(sock, &f, sizeof(f), NULL, 0);
	return r;
}

/* In the child: what no lab needs. */
static void try_netem(int sock, struct netconf *conf)
{
	struct error err = { 0 };
	int ifindex = netconf_index(conf, "a", &err);
	bool has = ifindex > 0 && netconf_add_netem(conf, ifindex, &err) == 0;
	struct finding f = finding(has ? HEALTH_OK : HEALTH_NOTE, "netem", has ?
				   "this kernel has it; labs use netlab's own wire all the same" :
				   "not in this kernel: delay, loss and faults are done by "
				   "netlab's own wire", "");

	fd_send(sock, &f, sizeof(f), NULL, 0);
}

/* In the child: what IPMasquerade= needs, in a namespace that is thrown away. */
static void try_masquerade(int sock, int home, int ns)
{
	struct error err = { 0 };
	bool has = nat_masquerade(home, ns, TEST_NET, 24, &err) == 0;
	struct finding f = finding(has ? HEALTH_OK : HEALTH_NOTE, "masquerade", has ?
				   "routers can masquerade (IPMasquerade=), by nftables" : err.text,
				   "");

	fd_send(sock, &f, sizeof(f), NULL, 0);
}

/* In the child: what the smallest lab does, in namespaces that nobody else sees. */
static void try_lab(int sock)
{
	cleanup_netconf struct netconf *conf = NULL;
	struct netconf_end a = { .name = "a", .mac = { 2, 0, 0, 0, 0, 1 } };
	struct netconf_end b = { .name = "b", .mac = { 2, 0, 0, 0, 0, 2 } };
	const uint8_t mac[6] = { 2, 0, 0, 0, 0, 3 };
	struct error err = { 0 };
	int home, ns, r;

	home = netns_open_self();
	ns = netns_create(home, &err);
	if (tell(sock, ns, "namespaces", "network namespaces can be made", &err,
		 "sysctl -w user.max_net_namespaces=65536") < 0)
		return;
	r = netconf_open(home, ns, &conf, &err);
	if (tell(sock, r, "rtnetlink", "links can be configured", &err, "") < 0)
		return;
	a.ns = b.ns = ns;
	r = netconf_add_veth(conf, &a, &b, &err);
	tell(sock, r, "veth", "cables", &err, "a kernel with CONFIG_VETH; modprobe veth");
	r = netconf_add_bridge(conf, "br0", mac, &err);
	tell(sock, r, "bridge", "switches", &err, "a kernel with CONFIG_BRIDGE; modprobe bridge");
	r = packet_open(home, ns, 0, PACKET_ALL, &err);
	tell(sock, r, "packet", "frames can be sent and captured", &err,
	     "a kernel with CONFIG_PACKET; modprobe af_packet");
	try_netem(sock, conf);
	try_masquerade(sock, home, ns);
	/* All of it ends with this process. */
}

static void examine_kernel(struct doctor *d, bool rootless)
{
	struct error err = { 0 };
	int pair[2], pidfd = -1, r;
	struct finding f;
	pid_t pid;

	if (fd_socketpair(pair) < 0)
		return;
	fflush(stdout);
	r = proc_clone_lab(rootless, &pid, &pidfd, &err);
	if (r == 0) {
		try_lab(pair[1]);
		_exit(0);
	}
	fd_close(pair[1]);
	if (r < 0) {
		f = finding(HEALTH_FAIL, rootless ? "user ns" : "pid ns", err.text,
			    proc_lab_mend(r, rootless));
		add(d, &f);
	} else if (rootless) {
		f = finding(HEALTH_OK, "user ns", "labs work without privilege", "");
		add(d, &f);
	}
	while (r > 0 && fd_recv(pair[0], &f, sizeof(f), NULL, NULL) == sizeof(f))
		add(d, &f);
	fd_close(pair[0]);
	if (r > 0)
		waitpid(pid, NULL, 0);
	fd_close(pidfd);
}

static void examine_privilege(struct doctor *d, bool privileged)
{
	struct finding f = privileged ?
		finding(HEALTH_OK, "privilege", "namespaces get names under " NETNS_DIR
			", where ip netns finds them", "") :
		finding(HEALTH_NOTE, "privilege", "none: labs are rootless, "
			"Namespace=@caller is not possible", "");

	add(d, &f);
}

static void examine_netns_dir(struct doctor *d, bool privileged)
{
	struct finding f;
	bool is_dir = false;
	unsigned int uid;
	int r = file_stat(NETNS_DIR, &uid, &is_dir);

	if (r == -ENOENT)
		f = finding(HEALTH_NOTE, "run/netns",
			    "is not there yet: the first lab of root makes it", "");
	else if (r < 0 || !is_dir || uid != 0)
		f = finding(privileged ? HEALTH_FAIL : HEALTH_NOTE, "run/netns",
			    NETNS_DIR " is not a folder of root's", "look at what made it");
	else
		f = finding(HEALTH_OK, "run/netns", NETNS_DIR " is there", "");
	add(d, &f);
}

static bool in_folder(const char *folder, size_t len, const char *tool)
{
	char path[512];

	snprintf(path, sizeof(path), "%.*s/%s", (int)len, folder, tool);
	return access(path, X_OK) == 0;
}

/* Ordinary users rarely have the sbin folders in PATH; nodes look there all the same. */
static bool is_installed(const char *tool)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t len = strcspn(path, ":");

		if (len && in_folder(path, len, tool))
			return true;
		path += len + (path[len] == ':');
	}
	return in_folder("/usr/sbin", 9, tool) || in_folder("/sbin", 5, tool);
}

/* None is needed by a lab: they are what people use in one. */
static void examine_tools(struct doctor *d)
{
	static const char *const tools[] = {
		"ip", "ping", "nc", "tcpdump", "tshark", "dnsmasq", "dhclient", "udhcpc",
	};
	struct text cleanup_text have = { 0 }, lack = { 0 };
	struct finding f;

	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		text_add(is_installed(tools[i]) ? &have : &lack, " %s", tools[i]);
	if (have.str) {
		f = finding(HEALTH_OK, "tools", have.str + 1, "");
		add(d, &f);
	}
	if (lack.str) {
		f = finding(HEALTH_NOTE, "tools", "not found:", "");
		str_copy(f.text + strlen(f.text), sizeof(f.text) - strlen(f.text), lack.str);
		add(d, &f);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct doctor *d = state->input;

	if (key == ARGP_KEY_INIT) {
		state->child_inputs[0] = &d->term;
		return 0;
	}
	if (key == ARGP_KEY_ARG)
		argp_error(state, "\"%s\" is one word too many", arg);
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse,
	.children = term_children,
	.doc = "Try what a lab needs, in namespaces that vanish at once, and say how to mend what "
	       "fails. A line is ok, -- (labs work without it), or FAIL.\v"
	       "Exit status: 0 labs work here; 4 they do not.\n"
	       "Example: " PROGRAM_NAME " doctor\n",
};

int verb_doctor(int argc, char **argv)
{
	bool privileged = proc_is_privileged();
	struct doctor d = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &d);
	term_decide(&d.term);
	examine_privilege(&d, privileged);
	examine_kernel(&d, !privileged);
	examine_netns_dir(&d, privileged);
	examine_tools(&d);
	text_add(&d.out, d.failed ? "labs do not work here yet\n" : "labs work here\n");
	status = out_text(&d.out);
	text_done(&d.out);
	return (int)(d.failed ? EXIT_CANNOT : status);
}
