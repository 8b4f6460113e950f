#compdef @PROGRAM@
# SPDX-License-Identifier: GPL-2.0-or-later
# zsh completion of @PROGRAM@. Generated from the program's table of options: see
# contrib/completions/generate.sh.

# by its own name it takes an archive as well
local -a dir
[[ ${words[1]:t} = @PROGRAM@ ]] || dir=(-/)

_arguments -s -S \
@OPTIONS@
	'1:image:_files'
