#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run QEMU and log its console until a line END, a kernel panic or a time limit.

run-qemu.py [--power-off] LOG SECONDS COMMAND [ARG...]

The exit status is 0 after END, otherwise 1, with the reason on standard error.
--power-off: after END the board must switch itself off.
It ends only the process that it started.
"""
import selectors
import subprocess
import sys
import time


def wait_for_power_off(qemu, log, deadline):
    try:
        rest, _ = qemu.communicate(timeout=max(1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as e:
        log.write(e.output or b"")
        return "after END the board stays on"
    log.write(rest)
    return "" if qemu.returncode == 0 else "QEMU ended with status %d" % qemu.returncode


def main():
    args = sys.argv[1:]
    power_off = args[0] == "--power-off"
    log_path, seconds, *command = args[power_off:]
    seconds = float(seconds)
    deadline = time.monotonic() + seconds
    qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    verdict = None
    panic_until = None
    tail = b""
    with open(log_path, "wb") as log, selectors.DefaultSelector() as ready:
        ready.register(qemu.stdout, selectors.EVENT_READ)
        while verdict is None:
            left = min(deadline, panic_until or deadline) - time.monotonic()
            if left <= 0:
                verdict = "kernel panic" if panic_until else "no END within %g s" % seconds
                break
            if not ready.select(left):
                continue
            data = qemu.stdout.read1(65536)
            if not data:
                verdict = "kernel panic" if panic_until else "QEMU ended before END"
                break
            log.write(data)
            tail = (tail + data)[-65600:]
            if b"\nEND\r" in tail or b"\nEND\n" in tail:
                verdict = wait_for_power_off(qemu, log, deadline) if power_off else ""
            elif b"Kernel panic" in tail and panic_until is None:
                panic_until = time.monotonic() + 1  # its last words
    qemu.kill()
    qemu.wait()
    if verdict:
        print("run-qemu: " + verdict, file=sys.stderr)
    return 1 if verdict else 0


if __name__ == "__main__":
    sys.exit(main())
