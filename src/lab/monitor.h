/* SPDX-License-Identifier: MIT */
/*
 * monitor.h - PID 1 of a lab: builds it, configures what its agent asks for,
 * answers the control socket, takes it down. It parses no packets.
 */
#ifndef LAB_MONITOR_H
#define LAB_MONITOR_H

#include "lab/lab.h"
#include "lab/profile.h"

/**
 * struct monitor_setup - what the monitor gets from `up` at birth
 * @info: of the lab; its run directory exists, @lock is held
 * @dir_parent: descriptor of the folder that holds the run directory
 * @leases: the folder of LeaseFile=, -1 without any; @stored: as lease_files_open() has it
 * @up: the socket to `up`
 * @lock: held by this descriptor for as long as the process lives
 */
struct monitor_setup {
	const struct lab_up *want;
	struct lab_info *info;
	int dir_parent, up, lock, leases;
	const uint32_t *stored;
};

/* Never returns: the process ends with the lab. */
_Noreturn void monitor_run(const struct monitor_setup *setup);

/* Every file that a run directory can hold (see file_remove_dir()); NULL-terminated. */
extern const char *const lab_files[];
#define LAB_N_FILES 9

#endif
