/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/tally.h"

#include <inttypes.h>
#include <stdio.h>

void crx_tally_add(struct crx_tally *y, const struct crx_facts *f, size_t file,
		   const struct crx_mappings *m, enum crx_skip skip)
{
	y->any |= m->n != 0;
	/* another name of a file that has been counted */
	if (f->file[file].inode != file)
		return;
	if (!y->files++) {
		y->first = (uint32_t)file;
		y->skip = skip;
	}
	y->data |= !crx_exec_is_executable(&f->file[file].exec);
	if (m->split && !y->nsplit++) {
		y->split_first = (uint32_t)file;
		y->split_map = *m;
	}
}

static void warn_split(const struct crx_tally *y, const struct crx_facts *f,
		       const struct crx_rule *rule, const char *place, struct crx_log *log)
{
	const struct crx_file_fact *file = &f->file[y->split_first];
	char path[CRX_ERR_PATH_MAX], segment[32] = "", more[48] = "";

	if (y->split_map.split_seg != CRX_WHOLE_FILE)
		snprintf(segment, sizeof(segment), " segment #%" PRIu32,
			 file->exec.seg[y->split_map.split_seg].index);
	if (y->nsplit > 1)
		snprintf(more, sizeof(more), ", the first of %zu files", y->nsplit);
	crx_log_warn(log, place,
		     "pages=..%" PRIu32 " selects a part of a mapping (%s%s has %" PRIu32
		     " pages%s), but without an MMU a mapping is in place as a whole or not at all",
		     rule->pages, crx_tree_path(file->node, path, sizeof(path)), segment,
		     y->split_map.split_pg, more);
}

/* Why nothing of the first file is in place. */
static const char *first_reason(const struct crx_tally *y, const struct crx_facts *f,
				const struct crx_rule *rule)
{
	if (y->skip && y->skip != CRX_SKIP_RULE)
		return crx_skip_text(y->skip);
	if (rule->whole)
		return "its only page is an exact tail";
	return crx_exec_is_executable(&f->file[y->first].exec)
		       ? "it has no such segment that is not writable"
		       : "not a program or library";
}

static void warn_nothing_in_place(const struct crx_tally *y, const struct crx_facts *f,
				  const struct crx_rule *rule, const char *place,
				  struct crx_log *log)
{
	char path[CRX_ERR_PATH_MAX], more[48] = "";

	if (y->files > 1)
		snprintf(more, sizeof(more), ", the first of %zu files", y->files);
	crx_log_warn(log, place, "nothing that it matches can be in place (%s%s: %s)%s",
		     crx_tree_path(f->file[y->first].node, path, sizeof(path)), more,
		     first_reason(y, f, rule),
		     y->data && !rule->whole ? "; for data, use `xip file`" : "");
}

void crx_tally_warn(const struct crx_tally *y, const struct crx_facts *f,
		    const struct crx_rule *rule, struct crx_log *log)
{
	char place[CRX_PLACE_MAX];

	crx_place_text(&rule->at, place, sizeof(place));
	if (y->nsplit)
		warn_split(y, f, rule, place, log);
	else if (y->files && !y->any)
		warn_nothing_in_place(y, f, rule, place, log);
}
