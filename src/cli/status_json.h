/* SPDX-License-Identifier: MIT */
/* status_json.h - a lab as `status --json` shows it; the human table is made from it, too. */
#ifndef CLI_STATUS_JSON_H
#define CLI_STATUS_JSON_H

#include "cli/session.h"

/**
 * status_lab() - one lab
 * @s: opened; connected unless its monitor is dead
 * @ret: a new reference to an object of "labs" in netlab.status/1
 */
enum exit_status status_lab(const struct session *s, json_t **ret);

#endif
