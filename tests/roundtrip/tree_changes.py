# SPDX-License-Identifier: GPL-2.0-or-later
"""Random changes to the trees of odd_tree.py, as values."""
import elf_file
from odd_tree import Node, Tree

MOST_ENTRIES = 150


def plain_paths(tree, kinds="flpscb"):
    """What may go or become something else: no directories, and nothing that has other names."""
    named = set(tree.links.values())
    return sorted(p for p, n in tree.node.items() if n.kind in kinds and p not in named)


def files(tree):
    return sorted(p for p, n in tree.node.items() if n.kind == "f")


def directories(tree):
    return sorted(p for p, n in tree.node.items() if n.kind == "d")


def set_data(tree, path, data):
    old = tree.node[path]
    tree.node[path] = Node(old.kind, old.mode, old.owner, data, old.dev)


def some_file(tree):
    """A path, made if there is none."""
    return tree.rng.choice(files(tree) or [tree.add_file(tree.content())])


def add(tree):
    tree.add_file(tree.content())


def add_program(tree):
    if not hasattr(tree, "abi"):
        return add(tree)
    return tree.add_file(tree.program(tree.abi, elf_file.ET_DYN), 0o755)


def add_equal(tree):
    tree.add_file(tree.node[some_file(tree)].data)


def remove(tree):
    paths = plain_paths(tree) + sorted(tree.links)
    if paths:
        path = tree.rng.choice(paths)
        tree.links.pop(path, None) or tree.node.pop(path)


def remove_directory(tree):
    """With everything below it, if no name elsewhere is that of a file in it."""
    path = tree.rng.choice(directories(tree))
    below = path + b"/"
    kept = any(t.startswith(below) and not p.startswith(below) for p, t in tree.links.items())
    if path != b"/" and not kept:
        tree.node = {p: n for p, n in tree.node.items() if p != path and not p.startswith(below)}
        tree.links = {p: t for p, t in tree.links.items() if not p.startswith(below)}


def rename(tree):
    paths = [p for p in tree.node if p != b"/"]
    if not paths:
        return
    old = tree.rng.choice(sorted(paths))
    parents = [p for p in directories(tree) if p != old and not p.startswith(old + b"/")]
    new = tree.free_path(tree.rng.choice(parents))

    def moved(path):
        return new + path[len(old):] if path == old or path.startswith(old + b"/") else path
    if max(len(moved(p)) for p in list(tree.node) + list(tree.links)) < 3000:
        tree.node = {moved(p): n for p, n in tree.node.items()}
        tree.links = {moved(p): moved(t) for p, t in tree.links.items()}


def change_byte(tree):
    path = some_file(tree)
    data = bytearray(tree.node[path].data)
    if data:
        data[tree.rng.randrange(len(data))] ^= tree.rng.randrange(1, 256)
        set_data(tree, path, bytes(data))


def append(tree):
    path = some_file(tree)
    set_data(tree, path, tree.node[path].data + (tree.content(4) or b"more"))


def shorten(tree):
    path = some_file(tree)
    data = tree.node[path].data
    set_data(tree, path, data[:tree.rng.randrange(len(data) + 1)])


def insert(tree):
    """Everything after it has another place in its page."""
    path = some_file(tree)
    data = tree.node[path].data
    at = tree.rng.randrange(len(data) + 1)
    set_data(tree, path, data[:at] + tree.rng.randbytes(tree.rng.choice([1, 4, tree.page])) + data[at:])


def change_mode(tree):
    path = tree.rng.choice(sorted(p for p, n in tree.node.items() if n.kind != "l"))
    n = tree.node[path]
    n.mode = tree.dir_mode() if n.kind == "d" else tree.file_mode()


def change_owner(tree):
    tree.node[tree.rng.choice(sorted(tree.node))].owner = tree.owner()


def link(tree):
    tree.links[tree.free_path()] = some_file(tree)


def grow_directory(tree):
    parent = tree.rng.choice(directories(tree))
    for _ in range(tree.rng.choice([1, 5, 30])):
        tree.add_file(tree.rng.choice([b"", b"the same", b"%d" % tree.rng.randrange(10 ** 9)]), parent=parent)


def swap(tree):
    a, b = some_file(tree), some_file(tree)
    of_a, of_b = tree.node[a].data, tree.node[b].data
    set_data(tree, a, of_b)
    set_data(tree, b, of_a)


def change_kind(tree):
    """A file becomes a symbolic link or the reverse."""
    paths = plain_paths(tree, "fl")
    if paths:
        path = tree.rng.choice(paths)
        old = tree.node[path]
        kind = "fl"[old.kind == "f"]
        tree.node[path] = Node(kind, 0o777 if kind == "l" else 0o644, old.owner, b"target" if kind == "l" else tree.content())


def replace_everything(tree):
    new = Tree(tree.rng.randrange(10 ** 9), tree.page, tree.xip, tree.devices, tree.order)
    tree.node, tree.links = new.node, new.links
    tree.blocks = new.blocks
    if tree.xip:
        tree.abi = new.abi


def shrink(tree):
    """Removes until the tree is small enough for a quick test."""
    while len(tree.node) + len(tree.links) > MOST_ENTRIES:
        before = len(tree.node) + len(tree.links)
        tree.rng.choice([remove, remove, remove_directory])(tree)
        if len(tree.node) + len(tree.links) == before and not plain_paths(tree) and not tree.links:
            return


CHANGES = [add, add, add_program, add_equal, remove, remove, remove_directory, rename, change_byte,
           change_byte, append, shorten, insert, change_mode, change_owner, link, grow_directory,
           swap, change_kind]


def change(tree):
    """Changes tree a little, or now and then completely, and returns what was done."""
    rng = tree.rng
    if rng.random() < 0.03:
        done = [replace_everything]
    elif rng.random() < 0.05:
        done = []
    else:
        done = [rng.choice(CHANGES) for _ in range(rng.choice([1, 1, 2, 5]))]
    for one in done:
        one(tree)
    shrink(tree)
    return [one.__name__ for one in done]
