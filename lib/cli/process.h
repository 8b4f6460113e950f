/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program of ours sets up first, and how it ends before its time: the
 * one place in lib/ with signal handlers and state of the process. For
 * programs only.
 */
#ifndef CRX_CLI_PROCESS_H
#define CRX_CLI_PROCESS_H

#include "base/io.h"

/* Exit statuses as the mkfs and fsck programs have them; a program may have more. */
enum { CRX_CLI_EXIT_DONE = 0, CRX_CLI_EXIT_FAILED = 8, CRX_CLI_EXIT_USAGE = 16 };

/*
 * Descriptors 0 to 2 are open from here on (a closed one would be given to the
 * next file that is opened, and messages would end up in it). Standard error
 * is written line by line, and so is standard output if it is the same file:
 * in a log of both no line breaks another, and they are in order. SIGHUP, SIGINT, SIGQUIT and
 * SIGTERM (those that are not ignored already) remove what the hooks were told of, and end the
 * program with status 8; SIGPIPE and SIGXFSZ are ignored, so that writes fail instead. program is
 * kept. False if that cannot be had.
 */
bool crx_cli_process_init(const char *program) CRX_MUST_CHECK;

/*
 * A file that is mapped, called `what` ("the image"), may become shorter:
 * SIGBUS says so, and ends the program in the same way. what is kept.
 */
void crx_cli_process_on_sigbus(const char *what);

/* From here on a signal that ends the program says this as well: a whole line
 * for people, without newline; NULL for nothing. Kept. */
void crx_cli_process_at_end(const char *note);

/* Hooks for one temporary file at a time, each of its own slot. */
enum { CRX_CLI_PROCESS_SLOTS = 4 };
const struct crx_io_hooks *crx_cli_process_hooks(unsigned slot);

#endif
