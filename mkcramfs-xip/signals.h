/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A signal that ends the program removes its temporary files first.
 */
#ifndef MKCRAMFS_XIP_SIGNALS_H
#define MKCRAMFS_XIP_SIGNALS_H

#include "base/io.h"

/*
 * From here on SIGHUP, SIGINT, SIGQUIT and SIGTERM (those that are not ignored
 * already) remove what the hooks were told of and exit with 8; SIGPIPE and
 * SIGXFSZ are ignored, so that writes fail instead.
 */
void signals_init(void);

/* Hooks for one temporary file at a time: slot 0 the image, slot 1 the JSON. */
enum { SIGNALS_IMAGE, SIGNALS_JSON, SIGNALS_SLOTS };
const struct crx_io_hooks *signals_hooks(unsigned slot);

#endif
