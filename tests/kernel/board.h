/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every /init of the bench does: set up a bare system, make an MTD
 * partition of a part of the flash bank, mount it, read the kernel's log.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "place.h"

#define BOARD_ROOT "/mnt"

struct board {
	uint64_t bank_base, bank_size;
	int mtd, loop, kmsg;
	long page;
	char image[256];     /* escaped name, or "" */
	uint64_t start, len; /* of the image in the bank */
	bool partition, looped, mounted;
};

/* 0, or -1 with errno. */
int board_set_up(struct board *b);

/* The next line of the kernel's log, without its prefix; false if there is none. */
bool board_log(struct board *b, int *level, char *text, size_t size);

/* "B IMAGE STEP ERROR": errno of what failed, or "mounted" with 0. */
void board_begun(const struct board *b, const char *step, int error);

/* Mount the image, straight from the MTD partition or through a block device. */
bool board_mount(struct board *b, bool block);

/* Undo that; "E" ends what is said of the image. Lines of the log as "K LEVEL TEXT". */
void board_end_image(struct board *b);

/* The image's part of the bank. */
struct flash board_flash(const struct board *b);

/* A number of a job line, in any C base. */
bool board_number(const char *text, uint64_t *out);

/* The child: become the program at path inside the image, with these pipes. */
void board_exec(const char *path, char **argv, int in, int out);

#endif
