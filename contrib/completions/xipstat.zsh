#compdef @PROGRAM@
# SPDX-License-Identifier: GPL-2.0-or-later
# zsh completion of @PROGRAM@. Generated from the program's tables of options and
# commands: see contrib/completions/generate.sh.

local context state line
local -a dir=(-/)
typeset -A opt_args

_arguments -s -S \
@OPTIONS@
	'1:command:((@COMMANDS@))' \
	'*:operand:->operand' && return

if [[ $state = operand ]]; then
	if [[ $line[1] = profile ]]; then
		_files -/
	else
		_pids
	fi
fi
