/* SPDX-License-Identifier: MIT */
/*
 * agent_message.h - what the agent may say to the monitor. It reads packets of
 * strangers, so it may be somebody else's by now: every byte is looked at, and
 * every wish held against the scenario.
 */
#ifndef LAB_AGENT_MESSAGE_H
#define LAB_AGENT_MESSAGE_H

#include "lab/proto.h"

/**
 * agent_message_read() - one message, of whatever bytes
 * @ret_text: what follows it, @ret->text_len bytes within @data, no string
 *
 * Return: 0, or -EBADMSG: no agent of ours says that
 */
int agent_message_read(const void *data, size_t len, struct agent_message *ret,
		       const char **ret_text);

/**
 * agent_message_check() - does the scenario allow it?
 *
 * For the wishes that are answered: AGENT_CONFIGURE, AGENT_DECONFIGURE,
 * AGENT_OPEN_PACKET, AGENT_EVENT. Return: 0, -EPERM or -EINVAL with words
 */
int agent_message_check(const struct scenario *s, const struct agent_message *msg,
			struct error *err);

#endif
