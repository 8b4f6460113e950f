/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "options.h"

#include <getopt.h>
#include <string.h>

#include "text.h"

enum { FIRST_LONG = 256, TEXT_COLUMN = 29, WIDTH = 79 };

struct command_row {
	const char *name, *operands, *text;
};

struct option_row {
	char short_name;
	const char *long_name;
	const char *arg; /* or NULL */
	const char *fallback;
	const char *command; /* the only command with this option, or NULL */
	const char *text;
};

/*
 * --help prints the tables of commands and options, the completions are generated from them
 * (contrib/completions/rows.awk reads the kind of an argument from these macros), and
 * tests/lint/options.sh compares them with the man page.
 */
#define ALONE NULL
#define OUTPUT(name) name
#define DIR(name) name

static const struct command_row COMMAND[] = {
	{ "profile", "DIR",
	  "list each page below DIR that is in RAM, as CSV for mkcramfs-xip --profile" },
	{ "maps", "[PID...]",
	  "list the mappings of all processes, or of those given: pages in flash, pages in RAM" },
};

static const struct option_row ROW[] = {
	{ 'o', "output", OUTPUT("FILE"), NULL, "profile",
	  "write the profile to FILE, which appears when it is complete" },
	{ 0, "force", ALONE, NULL, "profile",
	  "write a profile even if it does not show which pages were used" },
	{ 0, "json", ALONE, NULL, "maps", "write JSON" },
	{ 0, "proc", DIR("DIR"), "/proc", NULL, "where the proc file system is mounted" },
	{ 'h', "help", ALONE, NULL, NULL, "print this help and exit" },
	{ 'V', "version", ALONE, NULL, NULL, "print the version and the licence, and exit" },
};

enum { NROWS = sizeof(ROW) / sizeof(ROW[0]), NCOMMANDS = sizeof(COMMAND) / sizeof(COMMAND[0]) };

void options_put_usage(FILE *out)
{
	int i;

	for (i = 0; i < NCOMMANDS; i++)
		fprintf(out, "%s " PROGRAM " [options] %s %s\n",
			i ? "      " : "Usage:", COMMAND[i].name, COMMAND[i].operands);
}

/* Wraps text at WIDTH, in lines that begin at TEXT_COLUMN. */
static void put_words(FILE *out, const char *text, size_t column)
{
	size_t len;

	for (; *text; text += len) {
		text += strspn(text, " ");
		len = strcspn(text, " ");
		if (column + 1 + len > WIDTH) {
			fprintf(out, "\n%*s", TEXT_COLUMN, "");
			column = TEXT_COLUMN;
		} else if (column > TEXT_COLUMN) {
			putc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)len, text);
		column += len;
	}
	putc('\n', out);
}

static void put_row(FILE *out, const struct option_row *r)
{
	char letter[5] = "    ", name[80], text[400];
	const char *arg = r->arg ? r->arg : "";

	if (r->short_name)
		snprintf(letter, sizeof(letter), "-%c, ", r->short_name);
	snprintf(name, sizeof(name), "%s--%s%s%s", letter, r->long_name, *arg ? " " : "", arg);
	snprintf(text, sizeof(text), "%s%s%s%s%s%s", r->command ? r->command : "",
		 r->command ? ": " : "", r->text, r->fallback ? " (default: " : "",
		 r->fallback ? r->fallback : "", r->fallback ? ")" : "");
	fprintf(out, "  %-*s", TEXT_COLUMN - 2, name);
	put_words(out, text, TEXT_COLUMN);
}

void options_put_help(FILE *out)
{
	int i;

	options_put_usage(out);
	fputs("\n"
	      "Show, on the target, which pages of a cramfs image were used, and which pages\n"
	      "of running programs are in flash and which are in RAM.\n\n"
	      "Commands:\n",
	      out);
	for (i = 0; i < NCOMMANDS; i++) {
		fprintf(out, "  %-7s %-*s", COMMAND[i].name, TEXT_COLUMN - 10, COMMAND[i].operands);
		put_words(out, COMMAND[i].text, TEXT_COLUMN);
	}
	fputs("\nOptions:\n", out);
	for (i = 0; i < NROWS; i++)
		put_row(out, &ROW[i]);
	fputs("\nExit status: 0 success, 8 failure, 16 wrong usage.\n"
	      "Example: " PROGRAM " profile / -o /tmp/used.csv\n",
	      out);
}

void options_put_version(FILE *out)
{
	fputs(PROGRAM " " XIPSTAT_VERSION "\nLicence: GPL-2.0-or-later\n"
		      "There is NO WARRANTY, to the extent permitted by law.\n",
	      out);
}

static int usage(void)
{
	fputs("Try '" PROGRAM " --help'.\n", stderr);
	return EXIT_USAGE;
}

static void set(struct options *o, const struct option_row *r, const char *arg)
{
	if (r->short_name == 'o')
		o->output = arg;
	else if (r->short_name == 'h')
		o->help = true;
	else if (r->short_name == 'V')
		o->version = true;
	else if (!strcmp(r->long_name, "force"))
		o->force = true;
	else if (!strcmp(r->long_name, "json"))
		o->json = true;
	else
		o->proc = arg;
}

/* What getopt_long() refused; word is the argument that it read last. */
static int report_refused(int got, int rejected, const char *word)
{
	if (got == ':' && rejected >= FIRST_LONG && rejected < FIRST_LONG + NROWS)
		say_error("option --%s needs an argument", ROW[rejected - FIRST_LONG].long_name);
	else if (got == ':')
		say_error("option -%c needs an argument", rejected);
	else if (rejected > 0 && rejected < FIRST_LONG)
		say_error("unknown option '-%c'", rejected);
	else
		say_error("unknown option '%s', or one that takes no argument", word);
	return usage();
}

static bool is_command(const char *name)
{
	int i;

	for (i = 0; i < NCOMMANDS; i++)
		if (!strcmp(name, COMMAND[i].name))
			return true;
	return false;
}

static int check_command(struct options *o, bool used[NROWS], int argc, char **argv)
{
	int i;

	if (optind == argc) {
		options_put_usage(stderr);
		return usage();
	}
	o->command = argv[optind];
	o->operand = argv + optind + 1;
	o->noperands = argc - optind - 1;
	if (!is_command(o->command)) {
		say_error("unknown command '%s'", o->command);
		return usage();
	}
	for (i = 0; i < NROWS; i++) {
		if (used[i] && ROW[i].command && strcmp(ROW[i].command, o->command)) {
			say_error("--%s is an option of %s only", ROW[i].long_name, ROW[i].command);
			return usage();
		}
	}
	if (!strcmp(o->command, "profile") && o->noperands != 1) {
		if (o->noperands)
			say_error("expected one DIR, but got %d operands", o->noperands);
		else
			say_error("DIR is missing");
		return usage();
	}
	if ((o->output && !*o->output) || !*o->proc) {
		say_error("%s needs a name, not an empty string", *o->proc ? "--output" : "--proc");
		return usage();
	}
	return 0;
}

int options_parse(struct options *o, int argc, char **argv)
{
	struct option list[NROWS + 1];
	char letters[2 * NROWS + 2] = ":";
	bool used[NROWS] = { false };
	int i, got;
	size_t n = 1;

	*o = (struct options){ .proc = "/proc" };
	memset(list, 0, sizeof(list));
	for (i = 0; i < NROWS; i++) {
		list[i].name = ROW[i].long_name;
		list[i].has_arg = ROW[i].arg ? required_argument : no_argument;
		list[i].val = FIRST_LONG + i;
		if (ROW[i].short_name)
			letters[n++] = ROW[i].short_name;
		if (ROW[i].short_name && ROW[i].arg)
			letters[n++] = ':';
	}
	letters[n] = '\0';
	opterr = 0;
	while ((got = getopt_long(argc, argv, letters, list, NULL)) != -1) {
		for (i = 0; i < NROWS && got != FIRST_LONG + i &&
			    (!ROW[i].short_name || got != ROW[i].short_name);
		     i++)
			;
		if (i == NROWS)
			return report_refused(got, optopt, argv[optind - 1]);
		used[i] = true;
		set(o, &ROW[i], optarg);
		if (o->help || o->version)
			return 0;
	}
	return check_command(o, used, argc, argv);
}
