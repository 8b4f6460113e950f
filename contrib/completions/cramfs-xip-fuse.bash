@F@_operand() {
	if ((${#operands[@]} == 0)); then
		@F@_files -f
	else
		@F@_files -d
	fi
}
