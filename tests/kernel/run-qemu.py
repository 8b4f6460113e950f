#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run QEMU and log its console until a line END, a kernel panic or a time limit.

run-qemu.py [--power-off | --cut TEXT FILE OFFSET N] LOG SECONDS COMMAND [ARG...]

The exit status is 0 after END, otherwise 1, with the reason on standard error.
--power-off: after END the board must switch itself off. --cut: not END, but a line that begins with
TEXT is waited for, and the power is cut when 16 bytes at OFFSET of FILE (the flash) have changed N
times after it, or after some seconds.
It ends only the process that it started.
"""
import os
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


def wait_for_changes(path, offset, n):
    deadline = time.monotonic() + 10
    with open(path, "rb", buffering=0) as f:
        before = os.pread(f.fileno(), 16, offset)
        while n and time.monotonic() < deadline:
            now = os.pread(f.fileno(), 16, offset)
            n -= now != before
            before = now


def main():
    args = sys.argv[1:]
    power_off, end = args[0] == "--power-off", b""
    if args[0] == "--cut":
        end = args[1].encode()
    log_path, seconds, *command = args[5 if end else power_off:]
    seconds = float(seconds)
    deadline = time.monotonic() + seconds
    qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    verdict = None
    panic_until = None
    tail = b"\n"
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
            if end:
                if b"\n" + end in tail:
                    wait_for_changes(args[2], int(args[3]), int(args[4]))
                    verdict = ""
                elif b"\nEND\r" in tail or b"\nEND\n" in tail:
                    verdict = "END came before " + end.decode()
            elif b"\nEND\r" in tail or b"\nEND\n" in tail:
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
