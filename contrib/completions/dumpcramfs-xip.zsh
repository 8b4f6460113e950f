#compdef @PROGRAM@
# SPDX-License-Identifier: GPL-2.0-or-later
# zsh completion of @PROGRAM@. Generated from the program's tables of options and
# commands: see contrib/completions/generate.sh.

local context state line expl
local -a paths
typeset -A opt_args

_arguments -s -S \
@OPTIONS@
	'1:command:((@COMMANDS@))' \
	'2:image:_files' \
	'*:path:->path' && return

if [[ $state = path ]]; then
	if [[ $line[1] = diff ]]; then
		_files
	else
		paths=(${(f)"$(_call_program paths ${(q)words[1]} -1 list ${(q)${(Q)line[2]}} 2>/dev/null)"})
		_wanted paths expl 'path in the image' compadd -a paths
	fi
fi
