#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make an update file of two images, as `dumpcramfs-xip diff --blocks` should.

update_file.py ERASE_SIZE OLD NEW UPDATE

It shares no code with the program.
"""
import struct
import subprocess
import sys


def fsid(image):
    at = 0 if image[:4] in (b"\x45\x3d\xcd\x28", b"\x28\xcd\x3d\x45") else 512
    order = "<" if image[at] == 0x45 else ">"
    size = struct.unpack_from(order + "I", image, at + 4)[0]
    crc, edition, blocks, files = struct.unpack_from(order + "4I", image, at + 32)
    return size, "%d 0x%08x %d %d %d" % (size, crc, edition, blocks, files)


def cksum(data):
    return subprocess.run(["cksum"], input=data, stdout=subprocess.PIPE, check=True).stdout.decode().strip()


def main():
    unit = int(sys.argv[1])
    with open(sys.argv[2], "rb") as f:
        old = f.read()
    with open(sys.argv[3], "rb") as f:
        new = f.read()
    old_size, old_id = fsid(old)
    new_size, new_id = fsid(new)
    old, new = old[:old_size], new[:new_size]
    changed = [at for at in range(0, new_size, unit) if new[at:at + unit] != old[at:at + unit][:new_size - at]]
    if changed[:1] == [0]:
        changed = changed[1:] + [0]
    kept = b"".join(new[at:at + unit] for at in range(0, new_size, unit) if at not in changed)
    data = {at: new[at:at + unit].ljust(unit, b"\xff") for at in changed}
    lines = ["erase-size %d" % unit, "old " + old_id, "old-cksum " + cksum(old), "new " + new_id, "new-cksum " + cksum(new),
             "kept-cksum " + cksum(kept), "blocks %d" % len(changed)]
    lines += ["%d %d %s" % (at, n, cksum(data[at]).split()[0]) for n, at in enumerate(changed)] + ["end", ""]
    length = -(-(640 + 48 * len(changed)) // 512) * 512
    header = "\n".join(["cramfs-xip-update 1", "header %d" % length] + lines)
    with open(sys.argv[4], "wb") as f:
        f.write(header.encode().ljust(length, b"\n"))
        for at in changed:
            f.write(data[at])


if __name__ == "__main__":
    main()
