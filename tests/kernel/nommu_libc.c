/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of a C library as memory_probe.c and board.c use, for ARM without an MMU, where Debian's
 * does not run. It has Debian's headers, and does no more than they need: standard output is not
 * buffered, and a line has LINE bytes at most.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fdpic_start.h"

enum { FILES_MAX = 4, BUFFER = 1024, LINE = 8300 };

static struct reader {
	FILE file; /* first */
	char buf[BUFFER];
} reader[FILES_MAX];

static int error;
FILE *stdout;

int main(void);
long checked(long ret);
long rt_sigaction(int number, const long *action, long *before, size_t size);

int *__errno_location(void)
{
	return &error;
}

void fdpic_main(const struct fdpic_map *map, const uint32_t *sum)
{
	(void)map;
	(void)sum;
	_exit(main());
}

/* System calls. */

/* nommu_calls.S: the kernel's answer */
long checked(long ret)
{
	if ((unsigned long)ret < -4095UL)
		return ret;
	error = (int)-ret;
	return -1;
}

int execv(const char *path, char *const *argv)
{
	return execve(path, argv, (char *[]){ NULL });
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

int umount(const char *target)
{
	return umount2(target, 0);
}

unsigned sleep(unsigned seconds)
{
	struct timespec t = { .tv_sec = (time_t)seconds };

	return nanosleep(&t, NULL) ? seconds : 0;
}

/* only SIG_IGN */
__sighandler_t signal(int number, __sighandler_t handler)
{
	long action[5] = { (long)handler };

	return rt_sigaction(number, action, NULL, 8) ? SIG_ERR : SIG_DFL;
}

long sysconf(int name)
{
	return name == _SC_PAGESIZE ? 4096 : -1;
}

/* Strings. */

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && *a == *b; n--, a++, b++)
		;
	return n ? (unsigned char)*a - (unsigned char)*b : 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
	for (; *s && *s != (char)c; s++)
		;
	return *s == (char)c ? (char *)s : NULL;
}

size_t strcspn(const char *s, const char *any)
{
	size_t n = 0;

	while (s[n] && !strchr(any, s[n]))
		n++;
	return n;
}

char *strstr(const char *s, const char *what)
{
	for (; *s && strncmp(s, what, strlen(what)); s++)
		;
	return *s ? (char *)s : NULL;
}

char *strtok(char *s, const char *between)
{
	static char *rest;
	char *word;

	s = s ? s : rest;
	while (*s && strchr(between, *s))
		s++;
	word = *s ? s : NULL;
	s += strcspn(s, between);
	if (*s)
		*s++ = '\0';
	rest = s;
	return word;
}

void *memcpy(void *to, const void *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		((char *)to)[i] = ((const char *)from)[i];
	return to;
}

void *memset(void *to, int c, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		((char *)to)[i] = (char)c;
	return to;
}

char *strcpy(char *to, const char *from)
{
	return memcpy(to, from, strlen(from) + 1);
}

/* what is copied here stays */
char *strdup(const char *s)
{
	static char copies[BUFFER];
	static size_t used;
	char *to = copies + used;

	used += strlen(s) + 1;
	return used <= sizeof(copies) ? strcpy(to, s) : NULL;
}

unsigned long long strtoull(const char *s, char **end, int base)
{
	static const char digits[] = "0123456789abcdef";
	unsigned long long n = 0;
	const char *d;

	if (!base)
		base = s[0] == '0' && s[1] == 'x' ? 16 : 10;
	if (base == 16 && s[0] == '0' && s[1] == 'x')
		s += 2;
	while (*s && (d = strchr(digits, *s)) && d - digits < base) {
		n = n * (unsigned)base + (unsigned)(d - digits);
		s++;
	}
	if (end)
		*end = (char *)s;
	return n;
}

/* atoi() is this, inline */
long strtol(const char *s, char **end, int base)
{
	return (long)strtoull(s, end, base);
}

/* Input and output. */

static size_t put_number(char *to, unsigned long n, unsigned base)
{
	char digit[20];
	size_t i = 0, len;

	do {
		digit[i++] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	for (len = 0; i; len++)
		to[len] = digit[--i];
	return len;
}

/* %s, %d, %u, %lu and %lx, without flags and lengths */
int vsnprintf(char *to, size_t size, const char *format, va_list ap)
{
	char number[24];
	const char *from;
	size_t n = 0, len;
	long value;

	for (; *format; format++) {
		from = format;
		len = 1;
		if (*format == '%') {
			format += format[1] == 'l' ? 2 : 1;
			from = number;
			if (*format == 's') {
				from = va_arg(ap, const char *);
				len = strlen(from);
			} else if (strchr("dux", *format)) {
				value = va_arg(ap, long);
				len = *format == 'd' && value < 0;
				number[0] = '-';
				len += put_number(number + len,
						  (unsigned long)(len ? -value : value),
						  *format == 'x' ? 16 : 10);
			} else {
				_exit(125);
			}
		}
		for (; len; len--, from++, n++) {
			if (n + 1 < size)
				to[n] = *from;
		}
	}
	if (size)
		to[n < size ? n : size - 1] = '\0';
	return (int)n;
}

int snprintf(char *to, size_t size, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(to, size, format, ap);
	va_end(ap);
	return n;
}

int printf(const char *format, ...)
{
	static char line[LINE];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	return (int)write(1, line, strlen(line)) < 0 ? -1 : n;
}

int puts(const char *s)
{
	return printf("%s\n", s);
}

int fflush(FILE *f)
{
	(void)f;
	return 0;
}

int setvbuf(FILE *f, char *buf, int mode, size_t size)
{
	(void)f;
	(void)buf;
	(void)mode;
	(void)size;
	return 0;
}

FILE *fdopen(int fd, const char *mode)
{
	struct reader *r = reader;

	(void)mode;
	while (r < reader + FILES_MAX && r->file._IO_buf_base)
		r++;
	if (fd < 0 || r == reader + FILES_MAX)
		return NULL;
	r->file._fileno = fd;
	r->file._IO_buf_base = r->file._IO_read_ptr = r->file._IO_read_end = r->buf;
	return &r->file;
}

FILE *fopen(const char *path, const char *mode)
{
	return fdopen(open(path, O_RDONLY | O_CLOEXEC), mode);
}

int fclose(FILE *f)
{
	f->_IO_buf_base = NULL;
	return close(f->_fileno);
}

char *fgets(char *to, int size, FILE *f)
{
	int n = 0;
	ssize_t got;

	while (n + 1 < size && !(n && to[n - 1] == '\n')) {
		if (f->_IO_read_ptr == f->_IO_read_end) {
			got = read(f->_fileno, f->_IO_buf_base, BUFFER);
			if (got <= 0)
				break;
			f->_IO_read_ptr = f->_IO_buf_base;
			f->_IO_read_end = f->_IO_buf_base + got;
		}
		to[n++] = *f->_IO_read_ptr++;
	}
	to[n] = '\0';
	return n ? to : NULL;
}
