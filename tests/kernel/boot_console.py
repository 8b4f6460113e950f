#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run QEMU with a board whose console boot_shell.sh uses, and connect it.

boot_console.py [--terminal] FILE

FILE has QEMU's command line, an argument on each line. What comes after the board's "begin" goes to standard output. It ends at the
board's "exit N", with status N; Ctrl-A x ends it as well. With --terminal, what is
typed goes to the board. Status 125: the board did not come up, or ended before
that, and standard error says how. It ends only the process that it started.
"""
import os
import re
import selectors
import signal
import subprocess
import sys
import termios
import time
import tty

FAILED = 125
BOOT_SECONDS = 180
MARK = re.compile(rb"\x1b\]crx;(begin|exit (\d+))\x07")
PART_OF_MARK = re.compile(rb"\x1b(\](c(r(x(;[a-z0-9 ]*)?)?)?)?)?\Z")
PREFIX = b"\x01"  # Ctrl-A


class Console:
    def __init__(self, qemu, terminal):
        self.qemu = qemu
        self.terminal = terminal
        self.begun = False
        self.held = b""  # may be the start of a mark
        self.boot = b""  # what the board said before "begin"
        self.prefixed = False

    def show(self, data):
        if not self.begun:
            self.boot += data
        if data and (self.begun or self.terminal):
            os.write(1, data)

    def receive(self, data):
        """The status, if the board has said "exit"."""
        data = self.held + data
        while m := MARK.search(data):
            self.show(data[:m.start()])
            data = data[m.end():]
            if m[2]:
                return int(m[2])
            self.begun = True
        m = PART_OF_MARK.search(data)
        self.held = data[m.start():] if m else b""
        self.show(data[:m.start()] if m else data)
        return None

    def typed(self, data):
        """0, if it says to end."""
        out = b""
        for c in (data[i:i + 1] for i in range(len(data))):
            if self.prefixed and c in b"xX":
                return 0
            if c == PREFIX and not self.prefixed:
                self.prefixed = True
                continue
            self.prefixed = False
            out += c
        self.qemu.stdin.write(out)
        self.qemu.stdin.flush()
        return None

    def why_ended(self, typed):
        if typed:
            return "the terminal is gone"
        if self.begun:
            return "the board ended by itself"
        return "the board did not come up (is there all that the root's /bin/busybox needs, such as its C library?)"

    def run(self):
        """The status, or why there is none."""
        deadline = time.monotonic() + BOOT_SECONDS
        with selectors.DefaultSelector() as ready:
            ready.register(self.qemu.stdout, selectors.EVENT_READ, (os.read, self.receive))
            if self.terminal:
                ready.register(0, selectors.EVENT_READ, (os.read, self.typed))
            while True:
                left = None if self.begun else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return "the board did not come up within %d s" % BOOT_SECONDS
                for key, _ in ready.select(left):
                    read, use = key.data
                    data = read(key.fd, 65536)
                    if not data:
                        return self.why_ended(key.fd == 0)
                    status = use(data)
                    if status is not None:
                        return status


def connect(qemu, terminal):
    console = Console(qemu, terminal)
    if not terminal:
        return console.run(), console
    saved = termios.tcgetattr(0)
    try:
        tty.setraw(0)
        return console.run(), console
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, saved)


def main():
    terminal = sys.argv[1] == "--terminal"
    with open(sys.argv[-1], encoding="utf-8", errors="surrogateescape") as f:
        command = f.read().splitlines()
    # these signals end QEMU, too
    for s in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, lambda n, frame: sys.exit(128 + n))
    qemu = subprocess.Popen(command, stdin=subprocess.PIPE if terminal else subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        status, console = connect(qemu, terminal)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        return 128 + signal.SIGPIPE
    finally:
        qemu.kill()
        qemu.wait()
    if isinstance(status, int):
        return status
    if not terminal:
        sys.stderr.buffer.write(console.boot[-4000:].replace(b"\r\n", b"\n"))
    print("quickstart: " + status, file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
