/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One process, and which there are.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include "maps.h"

/* The numbers of all processes, ascending; the caller frees them. 0, or -1 with a message. */
int process_list(const char *proc, int **pid, size_t *n);

/*
 * Fill p, but for pid, which is given; what it has mapped is added to `all`. 0; errno without a
 * message, where the process has ended or may not be looked at; -1 with a message.
 */
int process_look(const char *proc, uint64_t page_size, const struct mounts *mounts,
		 const struct ram *ram, struct distinct *all, struct process *p);
void process_free(struct process *p);

#endif
