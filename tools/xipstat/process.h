/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of processes, and the mappings of one of them.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include "maps.h"

/* The numbers of all processes (not of threads), ascending; the caller frees them. 0, or -1 with a
 * message. */
int process_list(const char *proc, int **pid, size_t *n);

/*
 * Fills p, of which pid is given, and adds its pages to `all`. The caller frees p with
 * process_free() in any case. Returns 0; errno, without a message, if the process has ended or must
 * not be read; or -1 with a message.
 */
int process_read(const struct maps *maps, struct distinct *all, struct process *p);
void process_free(struct process *p);

#endif
