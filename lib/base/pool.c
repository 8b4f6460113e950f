/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

enum { WORKERS_MAX = 64 };

struct pool {
	pthread_mutex_t lock;
	const struct crx_pool_job *job;
	size_t next, njobs;
	bool stop;
	size_t failed_index;
	struct crx_err failed; /* if stop: of the lowest index so far */
};

struct worker {
	struct pool *pool;
	unsigned id;
	pthread_t thread;
	bool started;
	struct crx_err err;
};

/* False if all jobs were started, or one has failed. */
static bool take_next(struct pool *p, size_t *index)
{
	bool got;

	pthread_mutex_lock(&p->lock);
	got = !p->stop && p->next < p->njobs;
	if (got)
		*index = p->next++;
	pthread_mutex_unlock(&p->lock);
	return got;
}

static void keep_lowest_failure(struct pool *p, size_t index, const struct crx_err *err)
{
	pthread_mutex_lock(&p->lock);
	if (!p->stop || index < p->failed_index) {
		p->stop = true;
		p->failed_index = index;
		p->failed = *err;
	}
	pthread_mutex_unlock(&p->lock);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	size_t index;
	int ret;

	while (take_next(w->pool, &index)) {
		w->err = (struct crx_err)CRX_ERR_INIT;
		ret = w->pool->job->run(w->pool->job->ctx, index, w->id, &w->err);
		if (ret < 0) {
			/* in case the job did not set err: a failure must not be taken for success
			 */
			crx_err_set(&w->err, ret, 0, NULL, "failed without a message");
			keep_lowest_failure(w->pool, index, &w->err);
		}
	}
	return NULL;
}

int crx_pool_run(unsigned workers, size_t njobs, const struct crx_pool_job *job,
		 struct crx_err *err)
{
	struct pool p = { .job = job, .njobs = njobs };
	struct worker *w;
	unsigned i;
	int ret;

	if (workers > njobs)
		workers = njobs ? (unsigned)njobs : 1;
	if (workers < 1)
		workers = 1;
	w = crx_zalloc(workers, sizeof(*w));
	if (!w)
		return crx_err_nomem(err, "starting workers");
	ret = pthread_mutex_init(&p.lock, NULL);
	if (ret) {
		free(w);
		return crx_err_set(err, CRX_EIO, ret, NULL, "cannot create a lock");
	}
	for (i = 0; i < workers; i++) {
		w[i].pool = &p;
		w[i].id = i;
		/* if a thread is not available, the others do its work */
		if (i)
			w[i].started = !pthread_create(&w[i].thread, NULL, work, &w[i]);
	}
	work(&w[0]);
	for (i = 1; i < workers; i++)
		if (w[i].started)
			pthread_join(w[i].thread, NULL);
	ret = 0;
	if (p.stop) {
		if (!err->code)
			*err = p.failed;
		ret = err->code;
	}
	pthread_mutex_destroy(&p.lock);
	free(w);
	return ret;
}

unsigned crx_pool_cpus(void)
{
	long n = -1;
#ifdef __linux__
	cpu_set_t set;

	if (!sched_getaffinity(0, sizeof(set), &set))
		n = CPU_COUNT(&set);
#endif
	if (n < 1)
		n = sysconf(_SC_NPROCESSORS_ONLN);
	if (n < 1)
		return 1;
	return n > WORKERS_MAX ? WORKERS_MAX : (unsigned)n;
}
