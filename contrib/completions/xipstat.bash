@F@_operand() {
	if ((${#operands[@]} == 0)); then
		@F@_words "$@F@_commands"
	elif [[ ${operands[0]} == profile ]]; then
		@F@_files -d
	else
		@F@_words "$(cd /proc && printf '%s\n' [1-9]*)"
	fi
}
