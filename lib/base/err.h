/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors and warnings, as values.
 *
 * A fallible function returns 0 or a negative enum crx_code, and takes a struct crx_err as its last
 * argument. The function that knows the path and the reason fills it in; the first error wins;
 * callers only pass it up. Libraries never print and never exit.
 */
#ifndef CRX_BASE_ERR_H
#define CRX_BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CRX_MUST_CHECK __attribute__((warn_unused_result))
#define CRX_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define CRX_UNUSED __attribute__((unused)) /* after a parameter that a callback need not read */
#else
#define CRX_MUST_CHECK
#define CRX_PRINTF(f, a)
#define CRX_UNUSED
#endif

enum crx_code {
	CRX_OK = 0,
	CRX_ENOMEM = -1,     /* out of memory */
	CRX_EIO = -2,        /* the system refused an open, a read, a write, ... */
	CRX_ELIMIT = -3,     /* cramfs cannot hold something in the input */
	CRX_ECHANGED = -4,   /* an input changed while it was being read */
	CRX_EFORMAT = -5,    /* an image or file is not what it should be */
	CRX_EBIG = -6,       /* the image would exceed its limit */
	CRX_EARG = -7,       /* an argument is wrong (usage) */
	CRX_EWARN = -8,      /* a warning, and warnings are errors */
	CRX_EVERIFY = -9,    /* the written image is not what was planned */
	CRX_EINTERNAL = -10, /* a bug of this program */
	CRX_ECLOSED = -11,   /* the reader of an output has gone: nobody to report it to */
	CRX_EGATE = -12      /* a condition of the user's holds, and so the image is not made */
};

enum { CRX_ERR_TEXT_MAX = 1024, CRX_ERR_PATH_MAX = 1024 };

/* Initialise it with CRX_ERR_INIT. Owns no memory. */
struct crx_err {
	int code;      /* enum crx_code; 0 while unfilled */
	int sys_errno; /* errno of the failed call, or 0 */
	bool has_off;
	uint64_t off;                /* image offset concerned, if has_off */
	char path[CRX_ERR_PATH_MAX]; /* file concerned, or ""; a long one has "..." in the middle */
	char text[CRX_ERR_TEXT_MAX]; /* what is wrong and what to do; no newline at the end */
};

/* clang-format off */
#define CRX_ERR_INIT { 0 }
/* clang-format on */

/*
 * Fills err in unless it is filled already, and returns its code. path may be NULL. sys_errno is 0
 * if no system call failed; otherwise its text is added when the error is printed.
 */
int crx_err_set(struct crx_err *err, int code, int sys_errno, const char *path, const char *fmt,
		...) CRX_PRINTF(5, 6);

int crx_err_vset(struct crx_err *err, int code, int sys_errno, const char *path, const char *fmt,
		 va_list ap) CRX_PRINTF(5, 0);

/* The same with the image offset concerned. */
int crx_err_set_at(struct crx_err *err, int code, uint64_t off, const char *path, const char *fmt,
		   ...) CRX_PRINTF(5, 6);

/* "out of memory while WHAT", such as "reading the directory tree". Returns CRX_ENOMEM. */
int crx_err_nomem(struct crx_err *err, const char *what);

/*
 * A sink for warnings, notes, and the single cases of an error that has many (each entry that does
 * not fit). emit is called by one thread at a time, in an order that depends on the input alone.
 * path may be NULL.
 */
enum crx_level { CRX_LEVEL_NOTE, CRX_LEVEL_WARNING, CRX_LEVEL_ERROR };

struct crx_log {
	void (*emit)(void *ctx, enum crx_level level, const char *path, const char *text);
	void *ctx;
	unsigned long warnings; /* number of warnings so far */
};

/* log, log->emit and path may be NULL. */
void crx_log_say(struct crx_log *log, enum crx_level level, const char *path, const char *fmt, ...)
	CRX_PRINTF(4, 5);
void crx_log_vsay(struct crx_log *log, enum crx_level level, const char *path, const char *fmt,
		  va_list ap) CRX_PRINTF(4, 0);

/* crx_log_say() at one level. */
#define crx_log_note(log, path, ...) crx_log_say(log, CRX_LEVEL_NOTE, path, __VA_ARGS__)
#define crx_log_warn(log, path, ...) crx_log_say(log, CRX_LEVEL_WARNING, path, __VA_ARGS__)
#define crx_log_error(log, path, ...) crx_log_say(log, CRX_LEVEL_ERROR, path, __VA_ARGS__)

#endif
