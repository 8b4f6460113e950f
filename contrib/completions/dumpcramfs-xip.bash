# Paths in the image $2, by the program $1. A name with a $ or ~ in it is as
# typed, since bash leaves such to be expanded.
@F@_paths() {
	local path

	compopt -o filenames 2>/dev/null
	while IFS= read -r path; do
		[[ $path != "$cur"* ]] || COMPREPLY+=("$path")
	done < <("$1" -1 list "$2" 2>/dev/null)
}
@F@_operand() {
	if ((${#operands[@]} == 0)); then
		@F@_words "$@F@_commands"
	elif ((${#operands[@]} == 1)) || [[ ${operands[0]} == diff ]]; then
		@F@_files -f
	else
		@F@_paths "$1" "${operands[1]}"
	fi
}
