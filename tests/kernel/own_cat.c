/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program for a root without Debian's: copies standard input to standard output.
 * WITH_LIBRARIES: in a thread, with a library that it loads, and a function of another.
 */
#include <unistd.h>

static void *copy(void *unused)
{
	char buf[4096];
	ssize_t n;

	(void)unused;
	while ((n = read(0, buf, sizeof(buf))) > 0)
		if (write(1, buf, (size_t)n) != n)
			return NULL;
	return NULL;
}

#ifdef WITH_LIBRARIES
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>

int main(int argc, char **argv)
{
	pthread_t thread;

	(void)argv;
	if (!dlopen("libresolv.so.2", RTLD_NOW) || cos(argc) > 1 ||
	    pthread_create(&thread, NULL, copy, NULL))
		return 1;
	return pthread_join(thread, NULL);
}
#else
int main(void)
{
	copy(NULL);
	return 0;
}
#endif
