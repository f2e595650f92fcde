/* SPDX-License-Identifier: MIT */
/* new.c - `new`: a scenario to start from. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/out.h"
#include "cli/verb.h"
#include "config.h"
#include "scenario/scenario.h"
#include "sys/fd.h"
#include "sys/file.h"

static const char template[] =
	"# A server and two clients on a switch. What each key means: man netlab-scenario\n"
	"[Lab]\n"
	"FormatVersion=1\n"
	"Title=My first lab\n"
	"Objective=Two clients get an address each.\n"
	"Level=beginner\n"
	"\n"
	"# A node is a machine, a switch a bridge; a cable makes an interface at each end.\n"
	"[Node srv c1 c2]\n"
	"[Switch sw]\n"
	"\n"
	"[Wiring]\n"
	"Cable=srv:eth0 sw:p0\n"
	"Cable=c[1-2]:eth0 sw:p[1-2]\n"
	"\n"
	"[Network srv:eth0]\n"
	"Address=10.0.0.1/24\n"
	"DHCPServer=yes\n"
	"\n"
	"[DHCPServer srv:eth0]\n"
	"PoolStart=10.0.0.100\n"
	"PoolEnd=10.0.0.199\n"
	"DefaultLeaseTimeSec=1h\n"
	"\n"
	"[Network c[1-2]:eth0]\n"
	"DHCP=ipv4\n"
	"\n"
	"# What `netlab check` judges.\n"
	"[Expect c1-lease]\n"
	"Node=c1\n"
	"State=BOUND\n"
	"Address=10.0.0.100-10.0.0.199\n"
	"Hint=netlab trace\n"
	"\n"
	"[Expect c2-reaches-srv]\n"
	"Node=c2\n"
	"Ping=10.0.0.1\n"
	"\n"
	"# What `netlab show` prints.\n"
	"[Lesson]\n"
	"Goal=What is to be learned.\n"
	"Do=netlab up, and what else to type; one step a line.\n"
	"Look=What is to be seen.\n"
	"Question=What to think about.\n"
	"Remember=What to keep.\n";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **name = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one NAME at a time, not also \"%s\"", arg);
		*name = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which NAME?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "NAME",
	.doc = "Write NAME.ini into this folder: a small scenario to start from. A file that is "
	       "there stays as it is.\v"
	       "Exit status: 0, 2 NAME cannot be a lab's name, 5 the file is there already.\n"
	       "Example: " PROGRAM_NAME " new mylab\n",
};

int verb_new(int argc, char **argv)
{
	cleanup_free char *path = NULL;
	cleanup_fd int fd = -1;
	const char *name = NULL;
	int r;

	argp_parse(&argp, argc, argv, 0, NULL, &name);
	if (!scenario_is_name(name))
		return report(EXIT_USAGE, "\"%s\" cannot be a lab's name: 1 to 31 letters, digits, "
			      "'-', '_' or '.'", name);
	if (asprintf(&path, "%s.ini", name) < 0)
		return report_no_memory();
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0 && errno == EEXIST)
		return report(EXIT_CONFLICT, "%s is there already, and stays as it is", path);
	r = fd < 0 ? -errno : file_write(fd, template, strlen(template));
	if (r < 0)
		return report(EXIT_CANNOT, "cannot write %s: %s", path, strerror(-r));
	printf("%s is written; next: %s lint %s   %s up %s\n", path, PROGRAM_NAME, path,
	       PROGRAM_NAME, name);
	return EXIT_OK;
}
