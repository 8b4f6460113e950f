/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages, and names of files as others are to read them. Names are bytes.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdio.h>

/* Before anything is written. Standard error is written line by line, and so
 * is standard output if it is the same file, so that no line breaks another. */
void text_write_lines(void);

/* "xipstat: ..." and "xipstat: warning: ..." on standard error. Control
 * characters that come with a name are escaped. */
void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For a terminal: control characters and what is not UTF-8 as \xNN. */
void text_put(FILE *out, const char *s);

/* A JSON string: each byte 0xNN that is not UTF-8 is the lone surrogate \udcNN. */
void text_put_json(FILE *out, const char *s);

/* A field of RFC 4180, in double quotes where it must be. */
void text_put_csv(FILE *out, const char *s);

#endif
