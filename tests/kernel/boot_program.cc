/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs from the image that the board has booted: exceptions, a plugin, and threads. What it
 * prints is in boot_compare.py. With an argument it then opens that FIFO and waits for its end.
 */
#include <atomic>
#include <cstdio>
#include <dlfcn.h>
#include <exception>
#include <fstream>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "boot_plugin.hh"

namespace
{

struct counted {
	static int alive;
	counted()
	{
		alive++;
	}
	counted(const counted &)
	{
		alive++;
	}
	~counted()
	{
		alive--;
	}
};
int counted::alive = 0;

int deep(int n)
{
	counted c;
	std::vector<counted> more(3);

	if (!n)
		throw std::out_of_range("the bottom");
	return deep(n - 1) + 1;
}

void exceptions()
{
	try {
		deep(50);
	} catch (const std::out_of_range &e) {
		std::cout << "caught " << e.what() << ", " << counted::alive << " left\n";
	}
	try {
		try {
			std::stoi("no number");
		} catch (...) {
			std::throw_with_nested(std::runtime_error("outer"));
		}
	} catch (const std::exception &e) {
		std::cout << "caught " << e.what();
		try {
			std::rethrow_if_nested(e);
		} catch (const std::invalid_argument &inner) {
			std::cout << " of " << inner.what() << "\n";
		}
	}
}

void plugin(const char *path)
{
	void *handle = dlopen(path, RTLD_NOW);

	if (!handle)
		throw std::runtime_error(dlerror());
	auto make = reinterpret_cast<boot_shape *(*)(int)>(dlsym(handle, "boot_make"));
	if (!make)
		throw std::runtime_error(dlerror());
	for (int n : { 0, 3, 4 }) {
		try {
			std::unique_ptr<boot_shape> shape(make(n));
			std::cout << shape->name() << " has " << shape->corners() << " corners\n";
		} catch (const boot_refused &e) {
			std::cout << "the plugin refuses " << e.number << ": " << e.what() << "\n";
		}
	}
	/* stays open, so that its mappings can be looked at */
}

thread_local unsigned own = 1;

void threads()
{
	std::mutex lock;
	std::map<unsigned, unsigned> sums;
	std::atomic<unsigned> total{ 0 };
	std::vector<std::thread> pool;

	for (unsigned t = 0; t < 8; t++)
		pool.emplace_back([&, t] {
			for (unsigned n = 0; n < 1000; n++) {
				own += n % (t + 1);
				total++;
			}
			std::lock_guard<std::mutex> guard(lock);
			sums[t] = own;
		});
	for (auto &t : pool)
		t.join();
	std::cout << "threads: " << total << ", own " << own;
	for (auto &s : sums)
		std::cout << " " << s.second;
	std::cout << "\n";
	auto failing = std::async(std::launch::async, []() -> int { return deep(5); });
	try {
		failing.get();
	} catch (const std::out_of_range &e) {
		std::cout << "a thread threw " << e.what() << "\n";
	}
}

} // namespace

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	try {
		exceptions();
		plugin(argv[1]);
		threads();
		std::cout << std::flush;
		if (argc > 2) {
			std::ifstream fifo(argv[2]);
			std::string word;

			while (fifo >> word)
				std::cout << word << std::endl;
		}
	} catch (const std::exception &e) {
		std::cout << "failed: " << e.what() << "\n";
		return 1;
	}
	return 0;
}
