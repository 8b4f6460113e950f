# SPDX-License-Identifier: GPL-2.0-or-later
"""Real updates of Debian packages in an unpacked root (tests/sample-root.sh), for update.py."""
import collections
import functools
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
MERGED = ("bin", "lib", "sbin")

Update = collections.namedtuple("Update", "package old new suite")


def output(*command, **how):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **how).stdout


def is_newer(a, b):
    return subprocess.run(["dpkg", "--compare-versions", a, "gt", b], check=False).returncode == 0


VERSION_ORDER = functools.cmp_to_key(lambda a, b: is_newer(a, b) - is_newer(b, a))


class Archive:
    """Debian's packages of some suites, by an apt state of its own."""

    def __init__(self, state, arch, suites):
        self.conf, self.debs = os.path.join(state, "apt.conf"), os.path.join(state, "debs")
        script = '. "$0" && apt_open "$@" && apt_try true'
        subprocess.run(["sh", "-c", script, os.path.join(os.path.dirname(HERE), "apt-state.sh"), state, arch] + suites, check=True)
        os.makedirs(self.debs, exist_ok=True)

    def offers(self, packages):
        """package -> version -> suite"""
        found = {}
        for line in output("apt-cache", "-c", self.conf, "madison", *packages).splitlines():
            package, version, where = (x.strip() for x in line.split("|"))
            if where.split()[-1] == "Packages":
                found.setdefault(package, {}).setdefault(version, where.split()[1].split("/")[0])
        return found

    def get(self, package, version):
        """The path of a package file."""
        where = os.path.join(self.debs, f"{package}_{version}")
        if not os.path.isdir(where):
            shutil.rmtree(where + ".new", ignore_errors=True)
            os.mkdir(where + ".new")
            output("apt-get", "-q", "-c", self.conf, "download", f"{package}={version}", cwd=where + ".new")
            os.rename(where + ".new", where)
        return os.path.join(where, os.listdir(where)[0])


def packages_of(root):
    """package -> version, of the list that sample-root.sh wrote."""
    with open(root.rstrip("/") + ".list", encoding="ascii") as f:
        words = [line.split("_") for line in f]
    return {w[0]: w[1].replace("%3a", ":") for w in words}


def update_of(package, version, offered):
    """The newest version that is offered, from the one in the root or the one before; or None."""
    order = sorted(set(offered) | {version}, key=VERSION_ORDER)
    if version not in offered or len(order) < 2:
        return None
    old, new = (version, order[-1]) if version != order[-1] else (order[-2], version)
    return Update(package, old, new, offered[old if new == version else new])


def plan(have, offers, count, next_suite):
    """Updates of count packages: those within the root's release first."""
    found = []
    for own in (True, False):
        for package, version in sorted(have.items()):
            offered = {v: s for v, s in offers.get(package, {}).items() if not own or s != next_suite}
            update = update_of(package, version, offered)
            if update and package not in [u.package for u in found]:
                found.append(update)
    return found[:count]


def files_in(deb):
    """Paths of what is not a directory."""
    names = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    listed = output("tar", "-tf", "-", stdin=names.stdout).splitlines()
    names.stdout.close()
    names.wait()
    return [os.path.normpath(x) for x in listed if not x.endswith("/")]


def replace(root, old_deb, new_deb, scratch):
    """Put new_deb's files where old_deb's are, as dpkg does; later releases have /bin in /usr."""
    old = files_in(old_deb)
    folders = {os.path.dirname(x) for x in old}
    for path in old:
        if os.path.lexists(os.path.join(root, path)):
            os.unlink(os.path.join(root, path))
    unpacked = os.path.join(scratch, "unpacked")
    subprocess.run(["dpkg-deb", "-x", new_deb, unpacked], check=True)
    for path in files_in(new_deb):
        folder, name = os.path.split(path)
        short = folder[4:]
        if folder.startswith("usr/") and short.split("/")[0] in MERGED:
            if os.path.join(short, name) in old or (short in folders and folder not in folders):
                folder = short
        to = os.path.join(root, folder)
        os.makedirs(to, exist_ok=True)
        if os.path.isdir(os.path.join(to, name)):
            continue  # a link to where /bin, or the like, is now
        if os.path.lexists(os.path.join(to, name)):
            os.unlink(os.path.join(to, name))
        os.rename(os.path.join(unpacked, path), os.path.join(to, name))
    shutil.rmtree(unpacked)
