/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages, and names of files in text, JSON and CSV. Names are bytes.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdio.h>

/* Call it before anything is written. Standard error is written line by line, and so is standard
 * output if it is the same file, so that lines are not mixed. */
void text_write_lines(void);

/* "xipstat: ..." and "xipstat: warning: ..." on standard error. Control characters are escaped. */
void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For a terminal: control characters and bytes that are not UTF-8 are written as \xNN. */
void text_put(FILE *out, const char *s);

/* A JSON string: a byte 0xNN that is not UTF-8 is written as the lone surrogate \udcNN. */
void text_put_json(FILE *out, const char *s);

/* A field of RFC 4180, in double quotes if necessary. */
void text_put_csv(FILE *out, const char *s);

#endif
