/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot_plugin.hh"

namespace
{

struct polygon : boot_shape {
	int n;
	explicit polygon(int corners) : n(corners)
	{
	}
	std::string name() const override
	{
		return n == 3 ? "triangle" : "polygon";
	}
	int corners() const override
	{
		return n;
	}
};

} // namespace

boot_shape *boot_make(int corners)
{
	if (corners < 3)
		throw boot_refused(corners);
	return new polygon(corners);
}
