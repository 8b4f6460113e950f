# By its own name it takes an archive as well.
@F@_dir() {
	if [[ ${1##*/} == @PROGRAM@ ]]; then
		@F@_files -f
	else
		@F@_files -d
	fi
}
