/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RECLAIM_H
#define RECLAIM_H

/*
 * What was used and has been reclaimed since is not in RAM any more. Say on
 * standard error whether that can have happened: /proc/vmstat knows how many
 * pages were reclaimed, of whatever kind, since the system started.
 */
void reclaim_tell(const char *proc);

#endif
