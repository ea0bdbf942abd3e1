#compdef pin4 libpin4.so
# SPDX-License-Identifier: MIT
# Completion for zsh: options and subcommands, then whatever the wrapped command completes.
local curcontext=$curcontext state line
_arguments -C -A '-*' -S '*-H[add rules, with commas]:rules:' '-c[read this rules file]:file:_files' \
	'-v[log each decision]' '--require[refuse a command that would not be pinned]' \
	'(- *)--version[print the version]' '(- *)--help[print a short help]' '1: :->first' '*:: :->rest'
case $state in
first)
	local -a reports=('rules:print the rules in force' 'check:test a host from here'
		'doctor:examine a process' 'live:print what cures a running Erlang or Elixir node')
	_describe report reports
	_command_names -e
	;;
rest)
	case $line[1] in
	check) _arguments '--json[print JSON]' '--timeout[seconds for each wait]:seconds:' '1:host:_hosts' ;;
	doctor) _alternative 'pids:process:_pids' 'programs:program:_command_names -e' ;;
	rules | live) ;;
	*) _normal ;;
	esac
	;;
esac
