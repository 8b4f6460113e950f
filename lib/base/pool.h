/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs N jobs, which are numbered, on W workers.
 *
 * Jobs are started in the order of their indexes. Each writes only to data of its index and of its
 * worker, so that results do not depend on timing. If jobs fail, the error of the lowest index is
 * reported, whatever the number of workers: when a job fails, all jobs of lower indexes have been
 * started, and they run to their end.
 */
#ifndef CRX_BASE_POOL_H
#define CRX_BASE_POOL_H

#include "base/err.h"

/* worker is 0 .. workers-1. Each job has its own err. */
struct crx_pool_job {
	int (*run)(void *ctx, size_t index, unsigned worker, struct crx_err *err);
	void *ctx;
};

/*
 * Runs the job for each index from 0 to njobs-1, and returns when all are done. After a failure, no
 * more jobs are started. The calling thread is worker 0, so one worker needs no other thread; if a
 * thread cannot be started, the others do its work. Returns 0, or the code of the failed job with
 * the lowest index.
 */
int crx_pool_run(unsigned workers, size_t njobs, const struct crx_pool_job *job,
		 struct crx_err *err) CRX_MUST_CHECK;

/* The number of processors that this process may use: at least 1, at most 64. */
unsigned crx_pool_cpus(void);

#endif
