#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Print, as a profile for mkcramfs-xip, the pages that an image has in place.

boot_pages.py MAPS.JSON      of dumpcramfs-xip maps --json
"""
import csv
import json
import sys

PAGE = 4096


def main():
    with open(sys.argv[1], encoding="utf-8", errors="surrogateescape") as f:
        files = json.load(f)["files"]
    out = csv.writer(sys.stdout, lineterminator="\n")
    for entry in files:
        for segment in entry["segments"]:
            for group in segment["groups"]:
                for page in range(group["pages"]) if group["in_place"] else ():
                    out.writerow([entry["path"], (group["file_page"] + page) * PAGE, 1])


if __name__ == "__main__":
    main()
