/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/tally.h"

#include <inttypes.h>
#include <stdio.h>

#include "wishes/policy/miss.h"

void crx_tally_file(struct crx_tally *y, const struct crx_facts *f, size_t file,
		    const struct crx_mappings *m, enum crx_skip skip)
{
	y->any |= m->n != 0;
	/* another name of a file that was counted */
	if (f->file[file].link != file)
		return;
	if (!y->files++) {
		y->first = (uint32_t)file;
		y->skip = skip;
	}
	y->data |= !crx_exec_is_executable(&f->file[file].exec);
	if (m->cut && !y->cut++) {
		y->cut_first = (uint32_t)file;
		y->cut_map = *m;
	}
}

static void warn_of_cut(const struct crx_tally *y, const struct crx_facts *f,
			const struct crx_rule *rule, const char *place, struct crx_log *log)
{
	const struct crx_file_fact *file = &f->file[y->cut_first];
	char path[CRX_ERR_PATH_MAX], segment[32] = "", more[48] = "";

	if (y->cut_map.cut_seg != CRX_WHOLE_FILE)
		snprintf(segment, sizeof(segment), " segment #%" PRIu32,
			 file->exec.seg[y->cut_map.cut_seg].index);
	if (y->cut > 1)
		snprintf(more, sizeof(more), ", the first of %zu files", y->cut);
	crx_log_warn(log, place,
		     "pages=..%" PRIu32 " asks for a part of a mapping (%s%s has %" PRIu32
		     " pages%s), and without an MMU a mapping is in place as a whole or not at all",
		     rule->pages, crx_tree_path(file->node, path, sizeof(path)), segment,
		     y->cut_map.cut_pg, more);
}

/* Why nothing of the first file is in place. */
static const char *reason(const struct crx_tally *y, const struct crx_facts *f,
			  const struct crx_rule *rule)
{
	if (y->skip && y->skip != CRX_SKIP_RULE)
		return crx_skip_text(y->skip);
	if (rule->whole)
		return "its only page cannot be, since the file ends with it";
	return crx_exec_is_executable(&f->file[y->first].exec)
		       ? "no such segment that is not writable"
		       : "not a program or library";
}

static void warn_of_nothing(const struct crx_tally *y, const struct crx_facts *f,
			    const struct crx_rule *rule, const char *place, struct crx_log *log)
{
	char path[CRX_ERR_PATH_MAX], more[48] = "";

	if (y->files > 1)
		snprintf(more, sizeof(more), ", the first of %zu files", y->files);
	crx_log_warn(log, place, "nothing that it matches can go in place (%s%s: %s)%s",
		     crx_tree_path(f->file[y->first].node, path, sizeof(path)), more,
		     reason(y, f, rule), y->data && !rule->whole ? "; `xip file` is for data" : "");
}

void crx_tally_warn(const struct crx_tally *y, const struct crx_facts *f,
		    const struct crx_rule *rule, struct crx_log *log)
{
	char place[CRX_PLACE_MAX];

	crx_place_text(&rule->at, place, sizeof(place));
	if (y->cut)
		warn_of_cut(y, f, rule, place, log);
	else if (y->files && !y->any)
		warn_of_nothing(y, f, rule, place, log);
}
