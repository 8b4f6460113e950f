#compdef @PROGRAM@
# SPDX-License-Identifier: GPL-2.0-or-later
# zsh completion of @PROGRAM@. Generated from the program's table of options: see
# contrib/completions/generate.sh.

_arguments -s -S \
@OPTIONS@
	'1:image:_files' \
	'2:directory:_files -/'
