/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between boot_program and its plugin: classes that both know, an exception that crosses.
 */
#ifndef BOOT_PLUGIN_H
#define BOOT_PLUGIN_H

#include <stdexcept>
#include <string>

struct boot_shape {
	virtual ~boot_shape() = default;
	virtual std::string name() const = 0;
	virtual int corners() const = 0;
};

struct boot_refused : std::runtime_error {
	int number;
	explicit boot_refused(int n) : std::runtime_error("too few corners"), number(n)
	{
	}
};

/* The plugin's; throws boot_refused. */
extern "C" boot_shape *boot_make(int corners);

#endif
