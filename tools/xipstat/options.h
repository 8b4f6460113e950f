/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

struct options {
	const char *command;  /* "profile", "maps" */
	char *const *operand; /* after the command, in argv */
	int noperands;
	const char *output; /* -o, or NULL */
	const char *proc;   /* --proc */
	bool force, json;
	bool help, version;
};

/* 0, or EXIT_USAGE with a message. Operands move to the end of argv. */
int options_parse(struct options *o, int argc, char **argv);

void options_put_usage(FILE *out);
void options_put_help(FILE *out);
void options_put_version(FILE *out);

#endif
