/* SPDX-License-Identifier: MIT */
/*
 * evil_agent.c - preloaded into netlab, it takes the agent over: what somebody
 * could do who has got into the process that reads packets.
 *
 * It acts when the sandbox is closed (the filter is let go of when it works), with what the agent has: its descriptors, and the
 * socket to the monitor. EVIL: what it does. What comes of it goes to standard
 * error, the lab's log, in lines "evil: ...".
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/util.h"
#include "lab/proto.h"

#define HIGHEST_FD 1024

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	char line[600];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
		_exit(99);
}

static bool is_socket(int fd, int type)
{
	socklen_t len = sizeof(int);
	int is = 0;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &is, &len) == 0 && is == type;
}

/* The one socket that keeps messages apart. */
static int find_monitor(void)
{
	for (int fd = 3; fd < HIGHEST_FD; fd++) {
		if (is_socket(fd, SOCK_SEQPACKET))
			return fd;
	}
	return -1;
}

/* Asks, and says what was answered. */
static void ask(int sock, const char *what, const struct agent_message *msg)
{
	struct agent_message answer;
	ssize_t n;

	if (send(sock, msg, sizeof(*msg), MSG_NOSIGNAL) < 0) {
		say("evil: %s: cannot ask: %d\n", what, errno);
		return;
	}
	do {
		poll(&(struct pollfd){ .fd = sock, .events = POLLIN }, 1, -1);
		n = recv(sock, &answer, sizeof(answer), 0);
	} while (n == (ssize_t)sizeof(answer) && answer.type != AGENT_ANSWER);
	if (n != (ssize_t)sizeof(answer))
		say("evil: %s: no answer\n", what);
	else
		say("evil: %s: %d %s\n", what, answer.error.code, answer.error.text);
}

static struct agent_message configure(uint32_t iface, uint32_t address, uint8_t prefix_len)
{
	return (struct agent_message){
		.type = AGENT_CONFIGURE,
		.iface = iface,
		.seconds = UINT32_MAX,
		.config = { .address = address, .prefix_len = prefix_len },
	};
}

/* dhcptest has a server on interface 0, and a client on 1. */
static void forbidden(int sock)
{
	const uint32_t server = 0, client = 1, own = 0x0a000042;
	struct agent_message m = configure(server, own, 24);

	ask(sock, "an address for the server", &m);
	m = configure(99, own, 24);
	ask(sock, "an address for nobody", &m);
	m = configure(client, 0x7f000001, 8);
	ask(sock, "a loopback address", &m);
	m = configure(client, own, 0);
	ask(sock, "the whole world", &m);
	m = configure(client, own, 24);
	m.config.broadcast = 0x08080808;
	ask(sock, "somebody's address as broadcast", &m);
	m = configure(client, own, 24);
	m.config.n_routes = 200;
	ask(sock, "more routes than fit", &m);
	m = configure(client, own, 24);
	memset(m.config.domain, 'a', sizeof(m.config.domain));
	ask(sock, "a domain without end", &m);
	m = configure(client, 0xa9fe0101, 16);
	m.link_local = true;
	ask(sock, "a link-local address", &m);
	m = (struct agent_message){ .type = AGENT_OPEN_PACKET, .iface = server };
	ask(sock, "the server's packets anew", &m);
	m = (struct agent_message){ .type = AGENT_DECONFIGURE, .iface = server };
	ask(sock, "the server's address away", &m);
	m = (struct agent_message){ .type = AGENT_EVENT, .iface = client, .count = 0 };
	ask(sock, "an event that is not", &m);
	m = configure(client, own, 24);
	ask(sock, "an address for the client", &m);
}

/* The machine's own network is where the client of dhcptest-host is. */
static void caller(int sock)
{
	struct agent_message m = configure(1, 0xc0000263, 24);

	ask(sock, "an address of the machine's network", &m);
	m = configure(1, 0xc0000263, 1);
	ask(sock, "half of the world", &m);
	m = configure(1, 0x08080807, 24);
	ask(sock, "a subnet of the internet's", &m);
	m = configure(1, 0x0a000042, 8);
	ask(sock, "more than the lab's subnet", &m);
	m = configure(1, 0x0a000042, 24);
	ask(sock, "an address of the lab's", &m);
}

/* The same event twice: of a scenario whose first event takes the link of interface 1 down. */
static void twice(int sock)
{
	struct agent_message m = { .type = AGENT_EVENT, .iface = 1, .count = 0 };

	ask(sock, "an event", &m);
	ask(sock, "the event again", &m);
}

/* Unasked, many times: nothing of it may pile up in the monitor, or end the lab. */
static void talkative(int sock)
{
	struct agent_message stopped = { .type = AGENT_STOPPED };
	struct agent_message progress = { .type = AGENT_PROGRESS, .count = UINT32_MAX };
	struct agent_message status = { .type = AGENT_STATUS_DONE };
	struct agent_message wish = { .type = AGENT_WISH_DONE };

	for (int i = 0; i < 1000; i++) {
		send(sock, &stopped, sizeof(stopped), MSG_NOSIGNAL);
		send(sock, &status, sizeof(status), MSG_NOSIGNAL);
		send(sock, &wish, sizeof(wish), MSG_NOSIGNAL);
	}
	send(sock, &progress, sizeof(progress), MSG_NOSIGNAL);
	say("evil: told a lot\n");
}

static void malformed(int sock, const char *how)
{
	struct agent_message m = { .type = AGENT_PROGRESS };
	const uint8_t neither = 7;

	if (!strcmp(how, "short")) {
		send(sock, &m, 10, MSG_NOSIGNAL);
		return;
	}
	if (!strcmp(how, "bool"))
		memcpy((uint8_t *)&m + offsetof(struct agent_message, taken), &neither, 1);
	else if (!strcmp(how, "type"))
		m.type = (enum agent_message_type)1000;
	else if (!strcmp(how, "order"))
		m.type = AGENT_QUIT;
	else if (!strcmp(how, "text"))
		m.text_len = UINT32_MAX;
	else
		m.error.code = INT_MIN;
	send(sock, &m, sizeof(m), MSG_NOSIGNAL);
}

/* To an address that nobody has: the kernel asks for it by ARP, which takes its time. */
static void send_to_nobody(void)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr = { htonl(0x0a00004d) },
	};

	for (int fd = 3; fd < HIGHEST_FD; fd++) {
		if (is_socket(fd, SOCK_DGRAM))
			sendto(fd, "", 1, 0, (const struct sockaddr *)&to, sizeof(to));
	}
}

static void await(int sock, enum agent_message_type type)
{
	struct agent_message m = { 0 };

	do {
		poll(&(struct pollfd){ .fd = sock, .events = POLLIN }, 1, -1);
	} while (recv(sock, &m, sizeof(m), 0) > 0 && m.type != type);
}

/* Says that it has stopped, and goes on asking: all that it speaks of is gone by then. */
static void late(int sock)
{
	struct agent_message m = configure(1, 0x0a000042, 24);

	ask(sock, "an address", &m);
	await(sock, AGENT_STOP);
	send_to_nobody();
	m = (struct agent_message){ .type = AGENT_DECONFIGURE, .iface = 1, .released = true };
	send(sock, &m, sizeof(m), MSG_NOSIGNAL);
	m = (struct agent_message){ .type = AGENT_STOPPED };
	send(sock, &m, sizeof(m), MSG_NOSIGNAL);
	await(sock, AGENT_QUIT);
	m = configure(1, 0x0a000043, 24);
	ask(sock, "too late, an address", &m);
	m = (struct agent_message){ .type = AGENT_DECONFIGURE, .iface = 1 };
	ask(sock, "too late, no address", &m);
	m = (struct agent_message){ .type = AGENT_OPEN_PACKET, .iface = 1 };
	ask(sock, "too late, packets", &m);
	/* Time for others to be late, too. */
	poll(NULL, 0, 1000);
	ask(sock, "the monitor lives", &m);
	_exit(0);
}

/* Each is refused, and the process lives to say so. */
static void refused(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long r;

#define TRY(call, ...) (r = syscall(call, __VA_ARGS__), \
			say("evil: " #call ": %s\n", r < 0 ? strerror(errno) : "done"))
	TRY(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
	TRY(SYS_socket, AF_INET, SOCK_DGRAM, 0);
	TRY(SYS_connect, 0, NULL, 0);
	TRY(SYS_unshare, 0x10000000);
	TRY(SYS_setns, 0, 0);
	TRY(SYS_mount, "", "/", NULL, 0, NULL);
	TRY(SYS_kill, 1, 9);
	TRY(SYS_clone, 17, 0, 0, 0, 0);
	TRY(SYS_ioctl, 0, 0, 0);
	TRY(SYS_setsockopt, 0, SOL_SOCKET, SO_BROADCAST, NULL, 0);
	TRY(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
	TRY(SYS_mprotect, page, 4096, PROT_READ | PROT_EXEC);
	TRY(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0);
	TRY(SYS_bpf, 0, NULL, 0);
#undef TRY
	say("evil: tried all\n");
}

/* Whenever it is asked for its state: a terminal shall do something else than show it. */
static void lie(int sock)
{
	static const char state[] =
		"{\"seconds\": 1, \"speed\": 1, \"paused\": false, \"servers\": {}, \"leases\": [],"
		" \"step\": null, \"faults\": [], \"clients\": {\"host:host\": {\"state\":"
		" \"\\u001b[2JGONE\\u0007\", \"address\": null, \"server\": null}}}";
	struct agent_message done = { .type = AGENT_STATUS_DONE }, m;
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(4 * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = &m, .iov_len = sizeof(m) };
	int fd;

	for (;;) {
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
				      .msg_control = control.bytes,
				      .msg_controllen = sizeof(control.bytes) };

		poll(&(struct pollfd){ .fd = sock, .events = POLLIN }, 1, -1);
		if (recvmsg(sock, &msg, 0) <= 0)
			_exit(0);
		if (m.type != AGENT_STATUS || !CMSG_FIRSTHDR(&msg))
			continue;
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
		if (write(fd, state, sizeof(state) - 1) < 0)
			say("evil: cannot lie\n");
		close(fd);
		send(sock, &done, sizeof(done), MSG_NOSIGNAL);
	}
}

static void act(const char *what)
{
	int sock = find_monitor();

	if (!strcmp(what, "forbidden"))
		forbidden(sock);
	else if (!strcmp(what, "caller"))
		caller(sock);
	else if (!strcmp(what, "twice"))
		twice(sock);
	else if (!strcmp(what, "talkative"))
		talkative(sock);
	else if (!strcmp(what, "late"))
		late(sock);
	else if (!strcmp(what, "lie"))
		lie(sock);
	else if (!strcmp(what, "refused"))
		refused();
	else if (!strcmp(what, "execve"))
		syscall(SYS_execve, "/bin/sh", NULL, NULL);
	else if (!strcmp(what, "execveat"))
		syscall(SYS_execveat, AT_FDCWD, "/bin/sh", NULL, NULL, 0);
	else if (!strcmp(what, "ptrace"))
		syscall(SYS_ptrace, PTRACE_ATTACH, 1, 0, 0);
	else
		malformed(sock, what);
}

void seccomp_release(scmp_filter_ctx filter)
{
	void (*next)(scmp_filter_ctx) =
		(void (*)(scmp_filter_ctx))dlsym(RTLD_NEXT, "seccomp_release");
	const char *what = getenv("EVIL");

	next(filter);
	/* A command in a node has a filter, too; but only the agent's knows no prctl(2). */
	if (what && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) < 0)
		act(what);
}
