/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "profile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "caps.h"
#include "device.h"
#include "kernel.h"
#include "mem.h"
#include "nommu.h"
#include "mounts.h"
#include "outfile.h"
#include "reclaim.h"
#include "resident.h"
#include "text.h"
#include "walk.h"

struct profile {
	const struct mount *mount;
	struct outfile out;
	struct resident resident;
	char *first_in_place; /* the first file that has pages in place */
	uint64_t pages, files;
	size_t failed;
};

/* Each name of an inode gets its own lines: files with the same table need not be hard links. */
static int put_file(void *ctx, int fd, const char *path, off_t size)
{
	struct profile *p = ctx;
	struct resident *r = &p->resident;
	char *inside;
	size_t i;
	int error;

	error = (uint64_t)size > SIZE_MAX ? EFBIG : resident_find(r, fd, (size_t)size);
	if (error) {
		say_error("%s: cannot find its pages in RAM: %s", path, strerror(error));
		p->failed++;
		return 0;
	}
	inside = mounts_inside(p->mount, path);
	if (!inside)
		return -1;
	for (i = 0; i < r->n; i++) {
		if (!r->page[i])
			continue;
		text_put_csv(p->out.stream, inside);
		fprintf(p->out.stream, ",%" PRIu64 ",1\n", (uint64_t)i * r->page_size);
		p->pages++;
	}
	p->files++;
	free(inside);
	if (!r->in_place || !r->check_in_place)
		return 0;
	r->check_in_place = false; /* one file is enough for the warning */
	p->first_in_place = mem_copy(path);
	return p->first_in_place ? 0 : -1;
}

/* If ok is false: an error, or with --force a warning. */
static bool allow(bool ok, bool force, const char *dir, const char *why)
{
	if (ok)
		return true;
	if (force)
		say_warning("%s: %s", dir, why);
	else
		say_error("%s: %s (--force writes a profile anyway)", dir, why);
	return force;
}

static bool check(const struct options *o, const char *dir, const struct mount *m, dev_t device)
{
	const char *why = device_not_mtd(m);
	bool same = device == makedev(m->major, m->minor);

	if (!why && !same)
		why = "on another device than /proc/self/mountinfo says";
	return allow(!why, o->force, dir, why) &&
	       allow(caps_have(o->proc, CAPS_FOWNER), o->force, dir,
		     "its resident pages are visible only to root (since Linux 5.2, others see all "
		     "pages "
		     "as resident)");
}

static void warn_of_limits(const struct profile *p, const char *dir, const struct options *o)
{
	if (p->first_in_place)
		say_warning("%s: pages that are already in place, such as those of %s, are not in "
			    "the profile, because their use cannot be detected (use an image "
			    "without any: mkcramfs-xip -x)",
			    dir, p->first_in_place);
	else if (p->resident.pagemap < 0)
		say_warning("%s/self/pagemap: missing, so pages that are already in place may be "
			    "in the profile",
			    o->proc);
	reclaim_warn(o->proc);
	kernel_warn(o->proc);
}

static int write_profile(const struct options *o, const char *dir, int fd, dev_t device,
			 struct profile *p)
{
	struct walk w = { .device = device, .file = put_file, .ctx = p };
	char *pagemap = mem_format("%s/self/pagemap", o->proc);

	if (!pagemap || outfile_open(&p->out, o->output) < 0) {
		free(pagemap);
		close(fd);
		return EXIT_FAILED;
	}
	p->resident = (struct resident){
		.pagemap = open(pagemap, O_RDONLY | O_CLOEXEC),
		.page_size = (size_t)sysconf(_SC_PAGESIZE),
		.check_in_place = true,
	};
	free(pagemap);
	fputs("path,offset,count\n", p->out.stream);
	if (walk_tree(&w, fd, dir) < 0)
		return EXIT_FAILED;
	p->failed += w.failed;
	if (outfile_close(&p->out) < 0)
		return EXIT_FAILED;
	warn_of_limits(p, dir, o);
	return p->failed ? EXIT_FAILED : EXIT_DONE;
}

int profile_run(const struct options *o)
{
	char *dir = realpath(o->operand[0], NULL);
	struct mounts mounts = { 0 };
	struct profile p = { .resident = { .pagemap = -1 } };
	int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int ret = EXIT_FAILED;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		say_error("%s: %s", o->operand[0], strerror(errno));
	} else if (nommu_is(o->proc)) {
		say_error("without an MMU, the kernel does not say which pages were used");
	} else if (mounts_read(o->proc, &mounts) == 0) {
		p.mount = mounts_of(&mounts, dir);
		if (!p.mount)
			say_error("%s: %s/self/mountinfo does not list its mount", dir, o->proc);
		else if (check(o, dir, p.mount, st.st_dev)) {
			ret = write_profile(o, dir, fd, st.st_dev, &p);
			fd = -1;
		}
	}
	if (fd >= 0)
		close(fd);
	outfile_drop(&p.out);
	resident_free(&p.resident);
	free(p.first_in_place);
	mounts_free(&mounts);
	free(dir);
	return ret;
}
