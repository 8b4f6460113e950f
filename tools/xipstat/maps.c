/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "maps.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "mem.h"
#include "process.h"
#include "text.h"

/* A process that was named gets a message; others that are denied are counted. */
static void report_unread(struct maps *m, int pid, int error)
{
	if (m->o->noperands)
		say_error("process %d: %s", pid,
			  error == ENOENT || error == ESRCH ? "does not exist" : strerror(error));
	else
		m->denied += error == EACCES || error == EPERM;
}

/* Returns 0, errno if this process cannot be read, or -1, with a message, if none can. */
static int show_process(struct maps *m, int pid)
{
	struct process p = { .pid = pid };
	int ret = process_read(m, &m->all, &p);

	if (!ret && (p.n || m->o->noperands)) {
		m->processes += p.n > 0;
		if (m->o->json)
			maps_json_process(m, &p);
		else
			maps_put_process(&p);
	}
	process_free(&p);
	return ret;
}

static int show_all(struct maps *m)
{
	int *pid, ret = 0;
	size_t n, i;

	if (process_list(m->o->proc, &pid, &n) < 0)
		return -1;
	for (i = 0; i < n && ret >= 0; i++) {
		ret = show_process(m, pid[i]);
		if (ret > 0)
			report_unread(m, pid[i], ret);
	}
	free(pid);
	if (ret >= 0 && m->denied)
		say_error("%zu process%s cannot be read (run this as root)", m->denied,
			  m->denied == 1 ? "" : "es");
	return ret < 0 || m->denied ? -1 : 0;
}

static int show_named(struct maps *m, const int *pid)
{
	int i, got, ret = 0;

	for (i = 0; i < m->o->noperands; i++) {
		got = show_process(m, pid[i]);
		if (got < 0)
			return -1;
		if (got > 0) {
			report_unread(m, pid[i], got);
			ret = -1;
		}
	}
	return ret;
}

static bool has_cramfs(const struct mounts *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (!strcmp(m->mount[i].type, "cramfs"))
			return true;
	return false;
}

static int parse_pids(const struct options *o, int *pid)
{
	char *end;
	long v;
	int i;

	for (i = 0; i < o->noperands; i++) {
		errno = 0;
		v = strtol(o->operand[i], &end, 10);
		if (errno || *end || v < 1 || v > INT_MAX || o->operand[i][0] < '0' ||
		    o->operand[i][0] > '9') {
			say_error("'%s' is not a process number", o->operand[i]);
			return EXIT_USAGE;
		}
		pid[i] = (int)v;
	}
	return 0;
}

static int show(struct maps *m, const int *pid)
{
	int ret;

	if (mounts_read(m->o->proc, &m->mounts) < 0 || ram_read(m->o->proc, &m->ram) < 0)
		return EXIT_FAILED;
	if (!has_cramfs(&m->mounts)) {
		say_error("no cramfs is mounted");
		return EXIT_FAILED;
	}
	if (m->no_mmu && nommu_read_regions(m->o->proc, m->page_size, &m->ram, &m->regions) < 0)
		return EXIT_FAILED;
	kernel_warn(m->o->proc);
	if (m->o->json)
		maps_json_begin(m);
	ret = m->o->noperands ? show_named(m, pid) : show_all(m);
	/* the output is complete even if some processes could not be read */
	if (m->o->json)
		maps_json_end(m);
	else
		maps_put_totals(m);
	if (fflush(stdout) || ferror(stdout)) {
		say_error("standard output: cannot write: %s", strerror(errno));
		ret = -1;
	}
	return ret < 0 ? EXIT_FAILED : EXIT_DONE;
}

int maps_run(const struct options *o)
{
	struct maps m = {
		.o = o,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.no_mmu = nommu_is(o->proc),
	};
	int *pid = mem_zeroed((size_t)o->noperands, sizeof(*pid));
	int ret = EXIT_FAILED;

	if (pid)
		ret = parse_pids(o, pid);
	if (!ret)
		ret = show(&m, pid);
	distinct_free(&m.all);
	ram_free(&m.ram);
	mounts_free(&m.mounts);
	free(pid);
	return ret;
}
