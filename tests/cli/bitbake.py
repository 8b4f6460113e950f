#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Read the layer's files as bitbake does, as far as they need it, for tests without bitbake.

    bitbake.py FILE parse TYPE NAME=VALUE... what is expanded for the image type while parsing
    bitbake.py FILE task TYPE NAME=VALUE...  its command, as the task gets it after that
    bitbake.py FILE show NAME NAME=VALUE...  a variable or shell function; NAME[flag]: a flag of it;
                                             inherit: the classes
    bitbake.py FILE skip NAME=VALUE...       run "python () {}": "offered", or why the recipe is skipped

OVERRIDES=WORD selects VARIABLE:WORD. These files are the subject of the test: anything in them that
is not understood is an error.
"""

import os
import re
import sys

ASSIGN = re.compile(r'([\w:${}-]+?)(?:\[([\w-]+)\])?\s*(\?\?=|\?=|:=|\+=|\.=|=)\s*"(.*)"$')
FUNCTION = re.compile(r'([\w-]+)\(\) \{$')
TASK_FUNCTION = re.compile(r'python ([\w-]+)\(\) \{$')
VARIABLE = re.compile(r'\$\{([\w:+./~-]+)\}')
PYTHON = re.compile(r'\$\{@(.+?)\}')
KEPT = ('TMPDIR', 'DATETIME', 'DATE', 'IMAGE_VERSION_SUFFIX')


class SkipRecipe(Exception):
    pass


def fatal(text):
    sys.exit('ERROR: ' + text)


def which(path, item, history=False):
    tried = []
    found = ''
    for directory in path.split(':'):
        tried.append(os.path.join(directory, item))
        if os.path.exists(tried[-1]):
            found = tried[-1]
            break
    return (found, tried) if history else found


def to_boolean(value):
    if not value:
        return False
    if value.lower() in ('1', 'y', 'yes', 't', 'true'):
        return True
    if value.lower() in ('0', 'n', 'no', 'f', 'false'):
        return False
    raise ValueError(value)


class bb:
    class utils:
        which = staticmethod(which)
        to_boolean = staticmethod(to_boolean)

    class parse:
        SkipRecipe = SkipRecipe

    fatal = staticmethod(fatal)


def siteinfo_data(d):
    """What siteinfo.bbclass has, for some: SITEINFO_ENDIANNESS is not there yet."""
    order = {'arm': 'little', 'aarch64': 'little', 'mips': 'big', 'aarch64_be': 'big'}
    known = ['common', d.getVar('HOST_ARCH') + '-linux']
    if d.getVar('HOST_ARCH') in order:
        known.insert(0, 'endian-' + order[d.getVar('HOST_ARCH')])
    return known


class Data:
    """The data store: values as they are written, expanded when asked for."""

    def __init__(self):
        self.values = {}
        self.flags = {}
        self.overrides = []
        self.blocks = []
        self.functions = {}
        self.shell = []
        self.names = {'bb': bb, 'os': os, 'd': self}

    def getVar(self, name, expand=True):
        for override in self.overrides:
            if name + ':' + override in self.values:
                name = name + ':' + override
                break
        value = self.values.get(name)
        return self.expand(value) if expand and value is not None else value

    def setVar(self, name, value):
        self.values[name] = value

    def evaluate(self, match):
        value = eval(match.group(1), self.names)  # pylint: disable=eval-used
        return str(value)

    def expand(self, text):
        def variable(match):
            value = self.getVar(match.group(1), False)
            return match.group(0) if value is None else value
        while True:
            before = text
            text = PYTHON.sub(self.evaluate, VARIABLE.sub(variable, text))
            if text == before:
                return text

    def assign(self, name, flag, how, value):
        table, key = (self.flags, (name, flag)) if flag else (self.values, name)
        old = table.get(key)
        if how == ':=':
            value = self.expand(value)
        if how == '+=':
            value = (old or '') + ' ' + value
        elif how == '.=':
            value = (old or '') + value
        elif how in ('?=', '??=') and old is not None:
            return
        table[key] = value

    def inherit(self, classes):
        for name in classes:
            self.assign('inherit', None, '+=', name)
            if name == 'siteinfo':
                self.names['siteinfo_data'] = siteinfo_data

    def block(self, lines, i):
        """The indented lines from i on, and those that are empty."""
        end = i
        while end < len(lines) and (not lines[end].strip() or lines[end][0].isspace()):
            end += 1
        return '\n'.join(lines[i:end]) + '\n', end

    def braces(self, path, lines, i):
        """The same up to a brace."""
        body, end = self.block(lines, i)
        if lines[end] != '}':
            sys.exit('%s:%d: } expected' % (path, end + 1))
        return body, end + 1

    def parse(self, path):
        with open(path, encoding='utf-8') as f:
            lines = f.read().split('\n')
        self.values.setdefault('LAYERDIR', os.path.dirname(os.path.dirname(os.path.abspath(path))))
        i = 0
        while i < len(lines):
            line = lines[i]
            i += 1
            while line.endswith('\\'):
                line = line[:-1] + lines[i]
                i += 1
            if not line.strip() or line.startswith('#'):
                continue
            if line.startswith('inherit '):
                self.inherit(line.split()[1:])
                continue
            assignment = ASSIGN.match(line)
            if assignment:
                name, flag, how, value = assignment.groups()
                self.assign(name, flag, how, value)
            elif line.startswith('def '):
                body, i = self.block(lines, i)
                exec(line + '\n' + body, self.names)  # pylint: disable=exec-used
            elif line == 'python () {':
                body, i = self.braces(path, lines, i)
                self.blocks.append('if True:\n' + body)
            elif TASK_FUNCTION.match(line):
                body, i = self.braces(path, lines, i)
                self.functions[TASK_FUNCTION.match(line).group(1)] = 'if True:\n' + body
            elif FUNCTION.match(line):
                name = FUNCTION.match(line).group(1)
                self.values[name], i = self.braces(path, lines, i)
                self.shell.append(name)
            else:
                sys.exit('%s:%d: not understood: %s' % (path, i, line))

    def expand_parsing(self, kind):
        """As image.bbclass makes the command: expanded without some variables. And all flags."""
        kept = {name: self.values.pop(name) for name in KEPT if name in self.values}
        self.overrides.insert(0, kind)
        text = self.getVar('IMAGE_CMD')
        self.overrides.pop(0)
        self.values.update(kept)
        for name, flag in self.flags:
            self.expand(self.flags[(name, flag)])
        return text

    def task(self, kind):
        """The script that runs: what is expanded late, after the functions that come first."""
        text = self.expand_parsing(kind)
        for function in self.flags.get(('do_image_%s' % kind.replace('-', '_'), 'prefuncs'), '').split():
            exec(self.functions[function], self.names)  # pylint: disable=exec-used
        functions = ['%s() {\n%s}\n' % (name, self.getVar(name)) for name in self.shell]
        fatal_function = 'bbfatal() { echo "ERROR: $*" >&2; exit 1; }\n'
        return fatal_function + ''.join(functions) + 'set -e\n' + self.expand(text)

    def run(self):
        for block in self.blocks:
            exec(block, self.names)  # pylint: disable=exec-used


def main():
    path, what, *args = sys.argv[1:]
    d = Data()
    name = None if what == 'skip' else args.pop(0)
    # what is set in a configuration, and by bitbake.conf
    for arg in ['EXTRA_IMAGECMD=', 'THISDIR=' + os.path.dirname(path)] + args:
        key, value = arg.split('=', 1)
        d.values[key] = value
    d.overrides = d.values.pop('OVERRIDES', '').split()
    d.parse(path)
    if what == 'parse':
        print(d.expand_parsing(name))
    elif what == 'task':
        print(d.task(name))
    elif what == 'show':
        var, flag = re.match(r'([\w:-]+)(?:\[(.*)\])?$', name).groups()
        print(d.expand(d.flags[(var, flag)]) if flag else d.getVar(var))
    elif what == 'skip':
        try:
            d.run()
            print('offered')
        except SkipRecipe as why:
            print(why)
    else:
        sys.exit(__doc__)


main()
