/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"

static int fail(const struct outfile *o, const char *what)
{
	say_error("%s: cannot %s: %s", o->path ? o->path : "standard output", what,
		  strerror(errno));
	return -1;
}

/* mkstemp() sets mode 0600, but the file should have the mode of one made by a shell's >. */
static int open_temp(struct outfile *o)
{
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	o->temp = mem_format("%s.XXXXXX", o->path);
	if (!o->temp)
		return -1;
	fd = mkstemp(o->temp);
	if (fd < 0) {
		fail(o, "create");
		free(o->temp);
		o->temp = NULL;
		return -1;
	}
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (fchmod(fd, 0666 & ~mask))
		say_warning("%s: cannot set its mode: %s", o->path, strerror(errno));
	return fd;
}

int outfile_open(struct outfile *o, const char *path)
{
	struct stat st;
	int fd;

	*o = (struct outfile){ .path = path };
	if (!path || !strcmp(path, "-")) {
		o->path = NULL;
		o->stream = stdout;
		return 0;
	}
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			return fail(o, "open");
	} else {
		fd = open_temp(o);
		if (fd < 0)
			return -1;
	}
	o->stream = fdopen(fd, "w");
	if (o->stream)
		return 0;
	fail(o, "open");
	close(fd);
	outfile_drop(o);
	return -1;
}

int outfile_close(struct outfile *o)
{
	FILE *f = o->stream;
	int bad = ferror(f) | fflush(f);

	o->stream = NULL;
	if (o->path && fclose(f))
		bad = 1;
	if (bad || (o->temp && rename(o->temp, o->path))) {
		fail(o, bad ? "write" : "rename");
		outfile_drop(o);
		return -1;
	}
	free(o->temp);
	o->temp = NULL;
	return 0;
}

void outfile_drop(struct outfile *o)
{
	if (o->stream && o->path)
		fclose(o->stream);
	o->stream = NULL;
	if (o->temp)
		unlink(o->temp);
	free(o->temp);
	o->temp = NULL;
}
