/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of the process: standard descriptors, signals, and how a program ends early. The only
 * place in lib/ with signal handlers and global state; only programs use it.
 */
#ifndef CRX_CLI_PROCESS_H
#define CRX_CLI_PROCESS_H

#include "base/io.h"

/* Exit statuses as in mkfs(8) and fsck(8); a program may have more. */
enum { CRX_CLI_EXIT_DONE = 0, CRX_CLI_EXIT_FAILED = 8, CRX_CLI_EXIT_USAGE = 16 };

/*
 * Opens descriptors 0 to 2 if they are closed: otherwise the next file that is opened would get one
 * of them, and messages would be written into it. Standard error is line-buffered, and so is
 * standard output if it is the same file, so that lines in a common log are not mixed. SIGHUP,
 * SIGINT, SIGQUIT and SIGTERM, unless they are ignored already, remove the temporary files of the
 * hooks and end the program with status 8. SIGPIPE and SIGXFSZ are ignored, so that writes fail
 * instead. If a library calls exit(), that also removes the temporary files, and the status is 8.
 * The pointer program is kept. Returns false if a descriptor cannot be opened.
 */
bool crx_cli_process_init(const char *program) CRX_MUST_CHECK;

/* From now on exit() just exits. */
void crx_cli_process_done(void);

/*
 * SIGBUS, which occurs if a mapped file becomes shorter, ends the program in the same way. `what`
 * is the name of the file in the message ("the image"); the pointer is kept.
 */
void crx_cli_process_on_sigbus(const char *what);

/* What a signal that ends the program also prints: a line without newline, or NULL. The pointer is
 * kept. */
void crx_cli_process_on_end(const char *note);

/* The reader of standard output has gone: end the program by SIGPIPE, as it would end a filter.
 * Returns if the program was started with SIGPIPE ignored. */
void crx_cli_process_end_closed(void);

/* Hooks for one temporary file at a time in each slot. */
enum { CRX_CLI_PROCESS_SLOTS = 4 };
const struct crx_io_hooks *crx_cli_process_hooks(unsigned slot);

#endif
