#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Use the shell of ./quickstart boot on a terminal, as its user would.

boot_typed.py COMMAND [ARG...]

Exit status: 0 if all of it is as it should be. Otherwise standard error says what is not.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

PROMPT = b"/ # "
SECONDS = 300
# what is typed, and what the board must say then, one after the other
DIALOGUE = [
    (b"stty size\r", [b"31 97", PROMPT]),
    (b"echo $TERM\r", [b"vt220", PROMPT]),
    # it has job control: ^C ends the program, not the shell
    (b"sh -c 'echo begun | tr a-z A-Z; cat'\r", [b"BEGUN"]),
    (b"\x03", [b"^C", PROMPT]),
    (b"echo $?\r", [b"130", PROMPT]),
    (b"xipstat maps | head -n 1\r", [b" init: ", PROMPT]),
]
# and this ends the board
LAST = b"poweroff\r"


class Terminal:
    def __init__(self, fd):
        self.fd = fd
        self.said = b""
        self.deadline = time.monotonic() + SECONDS

    def wait_for(self, what):
        """What was said up to that."""
        while what not in self.said:
            left = self.deadline - time.monotonic()
            try:
                data = os.read(self.fd, 65536) if select.select([self.fd], [], [], max(left, 0))[0] else b""
            except OSError:  # the other side is closed
                data = b""
            if not data:
                sys.exit("it ended, or waited too long, before %r; it has said:\n%s" % (what, self.said.decode(errors="replace")))
            self.said += data
        before, self.said = self.said.split(what, 1)
        return before


def main():
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "vt220"
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("4H", 31, 97, 0, 0))
        os.execv(sys.argv[1], sys.argv[1:])
    terminal = Terminal(fd)
    terminal.wait_for(b" pages in flash (")
    terminal.wait_for(PROMPT)
    for typed, wanted in DIALOGUE:
        os.write(fd, typed)
        for want in wanted:
            terminal.wait_for(want)
    os.write(fd, LAST)
    terminal.wait_for(b"poweroff")
    try:
        while os.read(fd, 65536):
            pass
    except OSError:
        pass
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status:
        sys.exit("exit status %d" % status)


if __name__ == "__main__":
    main()
