/* SPDX-License-Identifier: MIT */
#include "cli/exit.h"

#include <errno.h>

enum exit_status exit_from_errno(int code)
{
	switch (-code) {
	case ENOENT:		/* no such lab */
	case ENOTUNIQ:		/* which of them? */
		return EXIT_USAGE;
	case EINVAL:		/* the lab's own copy of its scenario can not be read */
	case EBADMSG:
		return EXIT_SCENARIO;
	case EEXIST:
	case EADDRINUSE:
	case ECONNREFUSED:	/* its monitor is dead */
	case ECONNRESET:
	case EPIPE:
	case EWOULDBLOCK:	/* somebody else is at it */
	case EBUSY:		/* its monitor does not answer */
	case ESTALE:
	case EACCES:		/* another user's */
		return EXIT_CONFLICT;
	case ECANCELED:
		return EXIT_INTERRUPTED;
	default:
		return code < 0 ? EXIT_CANNOT : EXIT_OK;
	}
}
