/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * N indexed jobs on W workers.
 *
 * Jobs are handed out in index order; each writes only to slots of its own
 * index and to the state of its worker, so results never depend on timing.
 * When jobs fail, the error of the lowest index is the one reported, whatever
 * the number of workers: when an index is handed out, all lower ones have
 * been, and those run to their end.
 */
#ifndef CRX_BASE_POOL_H
#define CRX_BASE_POOL_H

#include "base/err.h"

/* worker is 0 .. workers-1; err is the job's own. */
struct crx_pool_job {
	int (*run)(void *ctx, size_t index, unsigned worker, struct crx_err *err);
	void *ctx;
};

/*
 * Run job for index 0 .. njobs-1 and return when all are done. workers >= 1;
 * the calling thread is worker 0, so one worker means no thread. Where
 * threads cannot be started the rest of the workers does their work.
 * Returns 0 or the code of the failed job of lowest index.
 */
int crx_pool_run(unsigned workers, size_t njobs, const struct crx_pool_job *job,
		 struct crx_err *err) CRX_MUST_CHECK;

/* Processors that this process may use, at least 1, at most 64. */
unsigned crx_pool_cpus(void);

#endif
