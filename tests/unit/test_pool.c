/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/base/pool: each job once, the error of the lowest index, with any number
 * of workers and where threads cannot be started. The jobs themselves assert
 * nothing: cmocka jumps, and may do so in the main thread only.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/pool.h"
#include "skip.h"

enum { WORKERS = 8, JOBS = 3000 };

/* --- threads that cannot be started: linked with --wrap=pthread_create,
 * pthread_join --- */

static unsigned creations, creations_refused; /* bit i: refuse the i-th */
static unsigned started, joined;

int __real_pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *arg);
int __wrap_pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *arg);

int __wrap_pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *arg)
{
	unsigned n = creations++;

	if (n < 32 && creations_refused >> n & 1)
		return 11; /* EAGAIN */
	started++;
	return __real_pthread_create(t, a, f, arg);
}

int __real_pthread_join(pthread_t t, void **value);
int __wrap_pthread_join(pthread_t t, void **value);

/* One that was never started has no handle: joining it would do anything. */
int __wrap_pthread_join(pthread_t t, void **value)
{
	if (++joined > started)
		return 3; /* ESRCH */
	return __real_pthread_join(t, value);
}

static int let_threads_start(void **state)
{
	(void)state;
	creations = 0;
	creations_refused = 0;
	started = 0;
	joined = 0;
	return 0;
}

/* --- what jobs do --- */

struct jobs {
	atomic_uint ran[JOBS];
	atomic_uint busy[WORKERS]; /* is a job of this worker running? */
	atomic_uint wrong;         /* worker out of range, or twice at a time */
	unsigned workers;
	size_t fail_from, fail_every; /* which indices fail; every 0: none */
	size_t late;                  /* this one waits until a higher one has failed */
	atomic_uint failed_higher;
	bool silent; /* fail without filling err */
};

static struct jobs *new_jobs(unsigned workers)
{
	struct jobs *j = calloc(1, sizeof(*j));

	assert_non_null(j);
	j->workers = workers;
	j->late = SIZE_MAX;
	return j;
}

/* Until a job after `late` has failed; not for ever, should none be running. */
static void be_late(struct jobs *j)
{
	struct timespec ms = { 0, 1000000 };
	int i;

	for (i = 0; i < 60000 && !atomic_load(&j->failed_higher); i++)
		nanosleep(&ms, NULL);
}

static int run(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct jobs *j = ctx;
	int ret = 0;

	if (worker >= j->workers || atomic_fetch_add(&j->busy[worker], 1))
		atomic_fetch_add(&j->wrong, 1);
	atomic_fetch_add(&j->ran[index], 1);
	if (index % 7 == 3)
		sched_yield();
	if (index == j->late && j->workers > 1)
		be_late(j);
	if (j->fail_every && index >= j->fail_from && (index - j->fail_from) % j->fail_every == 0) {
		ret = j->silent ? CRX_EIO : crx_err_set(err, CRX_ELIMIT, 0, NULL, "job %zu", index);
		if (index > j->late)
			atomic_store(&j->failed_higher, 1);
	}
	if (worker < WORKERS)
		atomic_fetch_sub(&j->busy[worker], 1);
	return ret;
}

static int run_jobs(struct jobs *j, size_t njobs, struct crx_err *err)
{
	struct crx_pool_job job = { run, j };
	int ret;

	*err = (struct crx_err)CRX_ERR_INIT;
	ret = crx_pool_run(j->workers, njobs, &job, err);
	assert_int_equal(joined, started);
	return ret;
}

static void each_ran_once(struct jobs *j, size_t njobs)
{
	size_t i;

	for (i = 0; i < JOBS; i++)
		assert_int_equal(j->ran[i], i < njobs);
	assert_int_equal(j->wrong, 0);
}

static void each_job_once(void **state)
{
	static const size_t njobs[] = { 0, 1, 2, 3, 7, 8, 9, 1000, JOBS };
	struct crx_err err;
	struct jobs *j;
	unsigned w;
	size_t i;

	(void)state;
	for (w = 1; w <= WORKERS; w++) {
		for (i = 0; i < sizeof(njobs) / sizeof(njobs[0]); i++) {
			j = new_jobs(w);
			creations = 0;
			assert_int_equal(run_jobs(j, njobs[i], &err), 0);
			assert_int_equal(err.code, 0);
			each_ran_once(j, njobs[i]);
			/* never more threads than jobs, none for one worker */
			assert_true(creations < w && (!creations || creations < njobs[i]));
			free(j);
		}
	}
}

static void one_worker_goes_in_order(void **state)
{
	struct jobs *j = new_jobs(1);
	struct crx_err err;

	(void)state;
	j->fail_from = 10;
	j->fail_every = 5;
	assert_int_equal(run_jobs(j, JOBS, &err), CRX_ELIMIT);
	assert_string_equal(err.text, "job 10");
	each_ran_once(j, 11);
	free(j);
}

/* Job 4 fails when a higher one has failed already, and its error is the one
 * that counts; what runs is a beginning of the list, without gaps. */
static void error_of_the_lowest_index(void **state)
{
	struct crx_err err;
	struct jobs *j;
	unsigned w;
	size_t i;

	(void)state;
	for (w = 1; w <= WORKERS; w++) {
		j = new_jobs(w);
		j->fail_from = 4;
		j->fail_every = 1;
		j->late = 4;
		assert_int_equal(run_jobs(j, JOBS, &err), CRX_ELIMIT);
		assert_string_equal(err.text, "job 4");
		if (w > 1)
			assert_int_equal(j->failed_higher, 1);
		for (i = 0; i < JOBS && j->ran[i]; i++)
			assert_int_equal(j->ran[i], 1);
		assert_true(i > 4);
		/* nothing is begun after a failure: each worker failed once */
		assert_true(i <= 4 + w);
		for (; i < JOBS; i++)
			assert_int_equal(j->ran[i], 0);
		assert_int_equal(j->wrong, 0);
		free(j);
	}
}

static void first_and_last_may_fail(void **state)
{
	struct crx_err err;
	struct jobs *j;
	unsigned w;

	(void)state;
	for (w = 1; w <= WORKERS; w++) {
		j = new_jobs(w);
		j->fail_every = JOBS;
		assert_int_equal(run_jobs(j, JOBS, &err), CRX_ELIMIT);
		assert_string_equal(err.text, "job 0");
		free(j);
		j = new_jobs(w);
		j->fail_from = JOBS - 1;
		j->fail_every = 1;
		assert_int_equal(run_jobs(j, JOBS, &err), CRX_ELIMIT);
		each_ran_once(j, JOBS);
		free(j);
	}
}

/* A job that fails and does not say why has failed all the same. */
static void silent_failure_is_one(void **state)
{
	struct crx_err err;
	struct jobs *j;
	unsigned w;

	(void)state;
	for (w = 1; w <= WORKERS; w++) {
		j = new_jobs(w);
		j->fail_from = 2;
		j->fail_every = 1;
		j->silent = true;
		assert_int_equal(run_jobs(j, JOBS, &err), CRX_EIO);
		assert_int_equal(err.code, CRX_EIO);
		free(j);
	}
}

static void earlier_error_is_kept(void **state)
{
	struct jobs *j = new_jobs(2);
	struct crx_pool_job job = { run, j };
	struct crx_err err = CRX_ERR_INIT;

	(void)state;
	j->fail_every = 1;
	crx_err_set(&err, CRX_EIO, 0, "/first", "first");
	assert_int_equal(crx_pool_run(2, 10, &job, &err), CRX_EIO);
	assert_string_equal(err.text, "first");
	free(j);
}

/* Whichever threads are refused, the rest does the work, and errors are as ever. */
static void threads_that_do_not_start(void **state)
{
	static const unsigned refused[] = { ~0u, 1, 2, 0x55, 0xfe };
	struct crx_err err;
	struct jobs *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		j = new_jobs(WORKERS);
		creations = 0;
		creations_refused = refused[i];
		assert_int_equal(run_jobs(j, JOBS, &err), 0);
		assert_int_equal(creations, WORKERS - 1);
		each_ran_once(j, JOBS);
		free(j);
		j = new_jobs(WORKERS);
		creations = 0;
		j->fail_from = 100;
		j->fail_every = 1;
		assert_int_equal(run_jobs(j, JOBS, &err), CRX_ELIMIT);
		assert_string_equal(err.text, "job 100");
		free(j);
	}
}

static void processors(void **state)
{
	unsigned n = crx_pool_cpus();

	(void)state;
	assert_true(n >= 1 && n <= 64);
#ifdef __linux__
	/* in a container with one processor of many, one it is */
	{
		cpu_set_t was, one;
		int cpu = 0;

		if (sched_getaffinity(0, sizeof(was), &was))
			SKIP("the set of processors cannot be changed");
		while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &was))
			cpu++;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (sched_setaffinity(0, sizeof(one), &one))
			SKIP("the set of processors cannot be changed");
		n = crx_pool_cpus();
		sched_setaffinity(0, sizeof(was), &was);
		assert_int_equal(n, 1);
	}
#endif
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_job_once, let_threads_start),
		cmocka_unit_test_setup(one_worker_goes_in_order, let_threads_start),
		cmocka_unit_test_setup(error_of_the_lowest_index, let_threads_start),
		cmocka_unit_test_setup(first_and_last_may_fail, let_threads_start),
		cmocka_unit_test_setup(silent_failure_is_one, let_threads_start),
		cmocka_unit_test_setup(earlier_error_is_kept, let_threads_start),
		cmocka_unit_test_setup(threads_that_do_not_start, let_threads_start),
		cmocka_unit_test_setup(processors, let_threads_start),
	};

	skip_in(tests);
	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
