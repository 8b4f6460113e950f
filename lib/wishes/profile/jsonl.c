/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/profile/parse.h"

#if HAVE_JSON_C

#include <json-c/json.h>
#include <limits.h>
#include <string.h>

/* json-c needs some 100 bytes for "[]," in an object: a line of any length would be too many. */
enum { LINE_MAX_LEN = 1 << 20, DEPTH_MAX = 32 };

struct jsonl {
	struct crx_profile *p;
	struct crx_profile_lines *l;
	size_t line;
	json_tokener *tok;
	struct crx_err *err;
};

/* For what does not fit into 64 bits json-c (0.16) gives the nearest number that
 * does, which therefore is out of range, too. */
static int number(const struct jsonl *j, const char *key, json_object *v, uint64_t *out)
{
	if (!json_object_is_type(v, json_type_int))
		return crx_profile_bad(j->l, j->line, j->err, "\"%s\" is not a whole number", key);
	if (json_object_get_int64(v) < 0)
		return crx_profile_bad(j->l, j->line, j->err, "\"%s\" is negative", key);
	*out = json_object_get_uint64(v);
	if (*out == UINT64_MAX)
		return crx_profile_bad(j->l, j->line, j->err,
				       "\"%s\" is out of range: less than 2^64 - 1 is expected",
				       key);
	return 0;
}

static int entry(const struct jsonl *j, json_object *o)
{
	json_object *path, *off, *count;
	struct crx_profile_use use = { .count = 1 };
	const char *s;
	int ret;

	if (!json_object_object_get_ex(o, "path", &path))
		return crx_profile_bad(j->l, j->line, j->err, "the object has no \"path\"");
	if (!json_object_is_type(path, json_type_string))
		return crx_profile_bad(j->l, j->line, j->err, "\"path\" is not a string");
	if (!json_object_object_get_ex(o, "offset", &off))
		return crx_profile_bad(j->l, j->line, j->err, "the object has no \"offset\"");
	ret = number(j, "offset", off, &use.off);
	if (!ret && json_object_object_get_ex(o, "count", &count))
		ret = number(j, "count", count, &use.count);
	if (ret)
		return ret;
	s = json_object_get_string(path);
	use.path = (struct crx_profile_range){ s, s + json_object_get_string_len(path) };
	return crx_profile_add(j->p, j->l, j->line, &use, j->err);
}

/* NULL with err filled, or an object. */
static json_object *parse(const struct jsonl *j, struct crx_profile_range s)
{
	enum json_tokener_error why;
	json_object *o;
	size_t end;

	json_tokener_reset(j->tok);
	o = json_tokener_parse_ex(j->tok, s.begin, (int)(s.end - s.begin));
	why = json_tokener_get_error(j->tok);
	end = json_tokener_get_parse_end(j->tok);
	if (why == json_tokener_success && !o) {
		crx_err_nomem(j->err, "reading a profile");
	} else if (why == json_tokener_continue) {
		crx_profile_bad(j->l, j->line, j->err, "the JSON object does not end in its line");
	} else if (why != json_tokener_success) {
		crx_profile_bad(j->l, j->line, j->err, "no valid JSON, from column %zu on: %s",
				end + 1, json_tokener_error_desc(why));
	} else if (end != (size_t)(s.end - s.begin)) {
		crx_profile_bad(j->l, j->line, j->err,
				"something stands behind the JSON object, from column %zu on",
				end + 1);
	} else {
		return o;
	}
	json_object_put(o);
	return NULL;
}

static int object(struct jsonl *j)
{
	struct crx_profile_range s;
	json_object *o;
	int ret;

	j->line = j->l->number;
	s = crx_profile_line(j->l);
	if (crx_profile_blank(s))
		return 0;
	while (s.end[-1] == ' ' || s.end[-1] == '\t')
		s.end--;
	if (s.end - s.begin > LINE_MAX_LEN)
		return crx_profile_bad(j->l, j->line, j->err, "the line is longer than %d bytes",
				       LINE_MAX_LEN);
	/* json-c would take it for the end */
	if (memchr(s.begin, 0, (size_t)(s.end - s.begin)))
		return crx_profile_bad(j->l, j->line, j->err, "the line holds a NUL byte");
	if (s.begin[strspn(s.begin, " \t")] != '{')
		return crx_profile_bad(j->l, j->line, j->err,
				       "expected is a JSON object, as in {\"path\": \"bin/sh\", "
				       "\"offset\": 4096, \"count\": 1}");
	o = parse(j, s);
	if (!o)
		return j->err->code;
	ret = entry(j, o);
	json_object_put(o);
	return ret;
}

int crx_profile_jsonl(struct crx_profile *p, struct crx_profile_lines *l, struct crx_err *err)
{
	struct jsonl j = { .p = p, .l = l, .err = err };
	int ret = 0;

	j.tok = json_tokener_new_ex(DEPTH_MAX);
	if (!j.tok)
		return crx_err_nomem(err, "reading a profile");
	json_tokener_set_flags(j.tok, JSON_TOKENER_STRICT);
	while (l->at < l->end && !ret)
		ret = object(&j);
	json_tokener_free(j.tok);
	return ret;
}

#else

int crx_profile_jsonl(struct crx_profile *p, struct crx_profile_lines *l, struct crx_err *err)
{
	(void)p;
	return crx_err_set(err, CRX_EARG, 0, l->name,
			   "is a profile in JSON lines, which this build cannot read: it was "
			   "configured without json-c; rebuild it with json-c, or use CSV "
			   "(path,offset,count)");
}

#endif
