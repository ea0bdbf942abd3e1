/* SPDX-License-Identifier: MIT */
/* What --help prints. */
#include "usage.h"

const char usage_text[] =
	"usage: pin4 [-H RULES]... [-c FILE] [-v] [--require] [--] COMMAND [ARG...]\n"
	"       pin4 [-H RULES]... [-c FILE] rules|live\n"
	"       pin4 [-H RULES]... [-c FILE] check [--json] [--timeout SECONDS] HOST[:PORT] "
	"[-- PROGRAM]\n"
	"       pin4 doctor PID|PROGRAM\n"
	"       pin4 --version|--help\n"
	"\n"
	"Runs COMMAND so that the hosts named in RULES, and no others, are reached over IPv4,\n"
	"even if COMMAND only asks for IPv6.\n"
	"\n"
	"  -H RULES   rules such as '*.psdb.cloud'; may be repeated\n"
	"  -c FILE    rules file, instead of /etc/pin4.conf\n"
	"  -v         log each decision to stderr\n"
	"  --require  refuse a COMMAND that would not load pin4, and bad or missing rules\n"
	"  rules      print the rules in force; exit 1 if any is bad\n"
	"  check      find out whether HOST is reached from here, and what would help\n"
	"  doctor     find out whether a process and its descendants, or a program, have pin4\n"
	"  live       print what cures a running Erlang or Elixir node\n"
	"\n"
	"See pin4(1), and pin4.conf(5) for the rules.";
