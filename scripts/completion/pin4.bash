# SPDX-License-Identifier: MIT
# Completion for bash: options and subcommands, then whatever the wrapped command completes.
_pin4() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} i=1 word=
	COMPREPLY=()
	while ((i < COMP_CWORD)); do
		word=${COMP_WORDS[i]}
		case $word in
		-H | -c) ((i += 2)) ;;
		-[!-]* | --?*) ((++i)) ;;
		*) break ;;
		esac
	done
	[[ $word != -- ]] || ((++i))
	if ((i >= COMP_CWORD)); then
		case $prev in
		-H) return ;;
		-c) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && return ;;
		esac
		local words='-H -c -v --require --version --help -- rules check doctor live'
		[[ $word != -- ]] || words=
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur"; [[ $cur == -* ]] || compgen -c -- "$cur")
	elif [[ $word == check && $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--json --timeout --' -- "$cur")
	elif [[ $word == check ]]; then
		mapfile -t COMPREPLY < <(compgen -A hostname -- "$cur"; [[ $prev != -- ]] || compgen -c -- "$cur")
	elif [[ $word == doctor ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(cd /proc && echo [1-9]*)" -- "$cur"; compgen -c -- "$cur")
	elif declare -F _command_offset >/dev/null; then
		_command_offset "$i"
	fi
}
complete -o default -F _pin4 pin4 libpin4.so
