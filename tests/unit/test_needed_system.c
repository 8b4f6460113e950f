/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ld.so loads for a program: the directories of the system, ld.so.conf,
 * ld.so.preload, and musl's rules. Each rule by a case that the neighbouring rules
 * would decide otherwise.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <stdio.h>

#include "wishes/loader/ldso.h"
#include "facts_world.h"
#include "loader_world.h"

/* --- the directories of the system --- */

/* liba.so is in all of dirs: the first that is searched wins. */
static void case_of_dirs(struct world *x, const char *dirs, const char *want)
{
	struct crx_err err = CRX_ERR_INIT;
	char path[256];
	size_t n;

	for (; *dirs; dirs += n + (dirs[n] == ' ')) {
		n = strcspn(dirs, " ");
		snprintf(path, sizeof(path), "%.*s/liba.so", (int)n, dirs);
		add_lib(x, path, "");
	}
	make_facts(x, P);
	assert_int_equal(find_needed(x, "/bin/app", &err), 0);
	snprintf(path, sizeof(path), " %s/liba.so ", want);
	strcat(x->needed, " ");
	memmove(x->needed + 1, x->needed, strlen(x->needed) + 1);
	x->needed[0] = ' ';
	if (!strstr(x->needed, path))
		fail_msg("not %s but%s\n%s", path, x->needed, x->kept.text);
	assert_string_equal(x->kept.text, "");
	end(x);
}

static void conf_file(void **state)
{
	struct world *x;

	(void)state;
	case_of_dirs(with_conf(NULL), "/lib /opt/a", "/lib");
	case_of_dirs(with_conf(""), "/lib /opt/a", "/lib");
	case_of_dirs(with_conf("/opt/a\n/opt/b\n"), "/lib /opt/a /opt/b", "/opt/a");
	case_of_dirs(with_conf("/opt/b\n/opt/a"), "/lib /opt/a /opt/b", "/opt/b");
	case_of_dirs(with_conf("# /opt/a\n\n \t/opt/b# more\n"), "/lib /opt/a /opt/b", "/opt/b");
	case_of_dirs(with_conf("/opt/none\n/opt/a/ \r\n"), "/lib /opt/a /opt/b", "/opt/a");
	case_of_dirs(with_conf("hwcap 1 /opt/b\ninclude\n/opt/a"), "/opt/a /opt/b", "/opt/a");
	case_of_dirs(with_conf("/usr/lib\n"), "/lib /usr/lib", "/usr/lib");
	/* not before what objects say themselves */
	x = with_conf("/opt/a");
	x->file[0].exec.runpath = copy("/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/b");
}

static void conf_includes(void **state)
{
	struct world *x;

	(void)state;
	/* in the order of the names, at the place of the line */
	x = with_conf("include ld.so.conf.d/*.conf\n/opt/a\n");
	add_text(x, "/etc/ld.so.conf.d/2.conf", "/opt/c");
	add_text(x, "/etc/ld.so.conf.d/10.conf", "/opt/b");
	add_text(x, "/etc/ld.so.conf.d/0.conf.old", "/opt/d");
	add_text(x, "/etc/ld.so.conf.d/.0.conf", "/opt/d");
	add_dir(x, "/etc/ld.so.conf.d/00.conf");
	case_of_dirs(x, "/lib /opt/a /opt/b /opt/c /opt/d", "/opt/b");

	x = with_conf("/opt/a\ninclude /etc/more.conf");
	add_text(x, "/etc/more.conf", "/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");
	x = with_conf("include \t none.conf  /e*c/m[o]re.con?\t\n/opt/a");
	add_text(x, "/etc/more.conf", "/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/b");

	/* relative to the file that includes, through a link */
	x = with_conf("include d/1.conf");
	add_link(x, "/etc/d", "/opt/conf");
	add_text(x, "/opt/conf/1.conf", "include 2.conf");
	add_text(x, "/opt/conf/2.conf", "/opt/a");
	add_text(x, "/etc/2.conf", "/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");

	/* a name with a wildcard in it, quoted; hidden files by their name */
	x = with_conf("include \\*.conf .h*");
	add_text(x, "/etc/*.conf", "/opt/b");
	add_text(x, "/etc/1.conf", "/opt/a");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/b");
	x = with_conf("include \\1.conf");
	add_text(x, "/etc/1.conf", "/opt/a");
	case_of_dirs(x, "/lib /opt/a", "/opt/a");
	x = with_conf("include *.conf .h*");
	add_text(x, "/etc/.1.conf", "/opt/b");
	add_text(x, "/etc/.hidden", "/opt/a");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");
	x = with_conf("included.conf\n/opt/a");
	add_text(x, "/etc/d.conf", "/opt/b");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");

	/* in a circle; deeper than anybody has it */
	x = with_conf("include ld.so.conf *.conf\n/opt/a");
	case_of_dirs(x, "/lib /opt/a", "/opt/a");
	x = with_conf("include c/1\n");
	add_text(x, "/etc/c/1", "include 2");
	add_text(x, "/etc/c/2", "include 3");
	add_text(x, "/etc/c/3", "include 4");
	add_text(x, "/etc/c/4", "include 5");
	add_text(x, "/etc/c/5", "include 6");
	add_text(x, "/etc/c/6", "include 7");
	add_text(x, "/etc/c/7", "include 8\n/opt/b");
	add_text(x, "/etc/c/8", "/opt/a");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/b");
}

static void conf_odd(void **state)
{
	static char big[CRX_LDSO_CONF_LEN_MAX + 2];
	struct world *x = with_conf(NULL);
	size_t i;

	(void)state;
	/* as long as it may be, and one byte more */
	memset(big, '#', sizeof(big) - 2);
	memcpy(big + sizeof(big) - 9, "\n/opt/a", 7);
	add_text(x, "/etc/ld.so.conf", big);
	case_of_dirs(x, "/lib /opt/a", "/opt/a");
	big[sizeof(big) - 2] = '\n';
	x = with_conf(big);
	add_lib(x, "/opt/a/liba.so", "");
	add_lib(x, "/lib/liba.so", "");
	needs_are(x, "/bin/app", "/bin/app /lib/ld.so /lib/liba.so",
		  "/etc/ld.so.conf: is ignored, because it is larger than 65536 bytes\n");
	end(x);

	/* a directory; a link that leads nowhere; lines longer than a path */
	x = with_conf(NULL);
	add_dir(x, "/etc/ld.so.conf");
	case_of_dirs(x, "/lib", "/lib");
	x = with_conf(NULL);
	add_link(x, "/etc/ld.so.conf", "gone");
	case_of_dirs(x, "/lib", "/lib");
	for (i = 0; i < 10000; i++)
		big[i] = i ? 'x' : '/';
	memcpy(big + 10000, "\ninclude ", 9);
	for (i = 10009; i < 20000; i++)
		big[i] = 'y';
	memcpy(big + 20000, "\n/opt/a", 8);
	case_of_dirs(with_conf(big), "/lib /opt/a", "/opt/a");
}

static void builtin_dirs(void **state)
{
	static const struct {
		const char *interp, *dirs, *want;
		bool is64;
	} cases[] = {
		{ "/lib/ld.so", "/lib /usr/lib /usr/lib/arm-linux-gnueabihf", "/lib", false },
		{ "/lib/ld.so", "/usr/lib /usr/lib/arm-linux-gnueabihf",
		  "/usr/lib/arm-linux-gnueabihf", false },
		{ "/lib/ld.so", "/usr/lib/x-linux-y /lib/x-linux-z", "/lib/x-linux-z", false },
		{ "/opt/tc/lib/ld.so", "/lib /usr/lib /opt/tc/lib", "/opt/tc/lib", false },
		{ "/opt/tc/lib/ld.so", "/usr/lib /usr/lib32 /usr/lib64", "/usr/lib32", false },
		{ "/opt/tc/lib/ld.so", "/usr/lib /usr/lib32 /usr/lib64", "/usr/lib64", true },
		{ "/opt/tc/lib/ld.so", "/usr/lib /lib", "/lib", false },
		{ "/opt/tc/lib/ld.so", "/usr/lib /lib64", "/lib64", true },
	};
	struct world *x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		x = new_world();
		x->abi = cases[i].is64 ? ARM64 : ARM;
		add_prog_interp(x, "/bin/app", "liba.so", cases[i].interp);
		add_lib(x, cases[i].interp, "");
		case_of_dirs(x, cases[i].dirs, cases[i].want);
	}
	/* the interpreter's, its links followed, and then that of its name */
	x = new_world();
	add_prog_interp(x, "/bin/app", "liba.so libb.so", "/one/ld.so");
	add_link(x, "/one/ld.so", "../two/ld-2.so");
	add_lib(x, "/two/ld-2.so", "");
	add_lib(x, "/one/libb.so", "");
	case_of_dirs(x, "/one /two /lib", "/two");
}

/* --- musl --- */

#define MUSL "/lib/ld-musl-armhf.so.1"

static struct world *with_musl(const char *interp, const char *needs)
{
	struct world *x = new_world();

	add_prog_interp(x, "/bin/app", needs, interp);
	add_lib(x, interp, "");
	return x;
}

static void musl_dirs(void **state)
{
	struct world *x;

	(void)state;
	case_of_dirs(with_musl(MUSL, "liba.so"), "/usr/lib /usr/local/lib /lib", "/lib");
	case_of_dirs(with_musl(MUSL, "liba.so"),
		     "/usr/lib /usr/local/lib /lib/arm-linux-musleabihf", "/usr/local/lib");
	case_of_dirs(with_musl(MUSL, "liba.so"), "/usr/lib", "/usr/lib");
	x = with_musl(MUSL, "liba.so");
	add_text(x, "/etc/ld.so.conf", "/opt/a");
	case_of_dirs(x, "/usr/lib /opt/a", "/usr/lib");
	x = with_musl(MUSL, "liba.so");
	add_text(x, "/etc/ld-musl-armhf.path", "/none:\n/opt/$ORIGIN\n/opt/b:/opt/a\n");
	case_of_dirs(x, "/lib /opt/a /opt/b /opt/$ORIGIN", "/opt/$ORIGIN");
	x = with_musl("/opt/musl/lib/ld-musl-armhf.so.1", "liba.so");
	add_text(x, "/etc/ld-musl-armhf.path", "/opt/b");
	add_text(x, "/opt/musl/etc/ld-musl-armhf.path", "/opt/a");
	case_of_dirs(x, "/lib /opt/a /opt/b", "/opt/a");
	/* there, but empty: no directories at all */
	x = with_musl(MUSL, "liba.so");
	add_text(x, "/etc/ld-musl-armhf.path", "");
	add_lib(x, "/lib/liba.so", "");
	needs_are(x, "/bin/app", "/bin/app " MUSL, "/bin/app" NEEDS("liba.so"));
	end(x);
}

/* libc.so and its parts are the interpreter, whatever else is there. */
static void musl_itself(void **state)
{
	struct world *x =
		with_musl(MUSL, "libc.musl-armhf.so.1 libm.so.6 libpthread.so.0 libdl.so.2 "
				"librt.so.1 libutil.so.1 libxnet.so libcrypt.so.1 libmm.so");

	(void)state;
	add_lib(x, "/lib/libm.so.6", "");
	add_lib(x, "/lib/libmm.so", "libc.so");
	add_lib(x, "/lib/libcrypt.so.1", "/lib/libc.so");
	add_link(x, "/lib/libc.so", "ld-musl-armhf.so.1");
	app_needs(x, "/bin/app " MUSL " /lib/libcrypt.so.1 /lib/libmm.so");
}

/* DT_RUNPATH before DT_RPATH, and both of all loaders. */
static void musl_rpath(void **state)
{
	struct world *x = with_musl(MUSL, "liba.so");

	(void)state;
	x->file[0].exec.runpath = copy("/p");
	add_lib_runpath(x, "/lib/liba.so", "libd.so libe.so $ORIGIN/f.so", "${ORIGIN}/a")->rpath =
		copy("/p");
	add_lib(x, "/lib/a/libe.so", "");
	add_lib(x, "/p/libe.so", "");
	add_lib(x, "/p/libd.so", "");
	add_lib(x, "/lib/libd.so", "");
	add_lib(x, "/lib/f.so", "");
	needs_are(x, "/bin/app", "/bin/app " MUSL " /lib/liba.so /p/libd.so /lib/a/libe.so",
		  "/lib/liba.so" NEEDS("$ORIGIN/f.so"));
	end(x);

	/* a variable that it does not know, and all of the list is void */
	x = with_musl(MUSL, "liba.so");
	x->file[0].exec.rpath = copy("/p:$LIB");
	add_lib(x, "/p/liba.so", "");
	add_lib(x, "/lib/liba.so", "");
	app_needs(x, "/bin/app " MUSL " /lib/liba.so");
}

/* --- /etc/ld.so.preload --- */

static void preload(void **state)
{
	static const char list[] = "# libn.so\n/opt/p.so libq.so:libr.so # libs.so\n\tlibgone.so\n";
	struct world *x = new_world();

	(void)state;
	add_prog(x, "/bin/app", "libd.so");
	add_lib(x, "/lib/ld.so", "");
	add_text(x, "/etc/ld.so.preload", list);
	add_lib(x, "/lib/libn.so", "");
	add_lib(x, "/lib/libs.so", "");
	add_lib(x, "/lib/libd.so", "");
	add_lib(x, "/lib/libq.so", "");
	add_lib(x, "/lib/libr.so", "");
	add_lib_runpath(x, "/opt/p.so", "libe.so", "$ORIGIN");
	add_lib(x, "/opt/libe.so", "");
	needs_are(x, "/bin/app",
		  "/bin/app /lib/ld.so /lib/libd.so /lib/libq.so /lib/libr.so /opt/libe.so "
		  "/opt/p.so",
		  "/etc/ld.so.preload" NEEDS("libgone.so"));
	end(x);

	x = with_musl(MUSL, "");
	add_text(x, "/etc/ld.so.preload", list);
	app_needs(x, "/bin/app " MUSL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conf_file),  cmocka_unit_test(conf_includes),
		cmocka_unit_test(conf_odd),   cmocka_unit_test(builtin_dirs),
		cmocka_unit_test(musl_dirs),  cmocka_unit_test(musl_itself),
		cmocka_unit_test(musl_rpath), cmocka_unit_test(preload),
	};

	return cmocka_run_group_tests_name("needed_system", tests, NULL, NULL);
}
