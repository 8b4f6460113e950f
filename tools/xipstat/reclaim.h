/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RECLAIM_H
#define RECLAIM_H

/*
 * Pages that were used and then reclaimed are no longer in RAM. Warns if this may have happened:
 * /proc/vmstat counts the pages, of any kind, that were reclaimed since the system started.
 */
void reclaim_warn(const char *proc);

#endif
