# SPDX-License-Identifier: MIT
# Which hosts a rule reaches, seen on what the program gets: IPv4 (4) or what it had (6).

# run sets the variables.
# shellcheck disable=SC2154

reached() { # RULES HOST
	case $(pinned "$1" lookup -F inet6 "$2" 2>/dev/null | sed -n 2p) in
	'  AF_INET6 ::ffff:'*) echo 4 ;;
	'  AF_INET6 2001:'*) echo 6 ;;
	*) echo neither ;;
	esac
}

# Rows: host, reached or not, rules (the rest of the line).
while read -r host wanted rules; do
	is "${host}_under_$(printf %s "$rules" | tr ' ,' '++')_is_over_ipv$wanted" \
		"$(reached "$rules" "$host")" "$wanted"
done <<'TABLE'
pg.psdb.cloud 4 *.psdb.cloud
eu.pg.psdb.cloud 4 *.psdb.cloud
psdb.cloud 6 *.psdb.cloud
notpsdb.cloud 6 *.psdb.cloud
psdb.cloud.evil.example 6 *.psdb.cloud
PG.psdb.CLOUD 4 *.psdb.cloud
pg.psdb.cloud. 4 *.psdb.cloud
pg.psdb.cloud 4 *.PSDB.Cloud
pg.psdb.cloud 4 *.psdb.cloud.
psdb.cloud 4 psdb.cloud
psdb.cloud. 4 psdb.cloud
psdb.cloud 4 psdb.cloud.
PSDB.CLOUD 4 psdb.cloud
pg.psdb.cloud 6 psdb.cloud
notpsdb.cloud 6 psdb.cloud
psdb.cloud.evil.example 6 psdb.cloud
psdb.cloud.evil.example 4 *
notpsdb.cloud 4 *
eu.pg.psdb.cloud 6 *.psdb.cloud except:*.pg.psdb.cloud
eu.pg.psdb.cloud 6 except:*.pg.psdb.cloud *.psdb.cloud
pg.psdb.cloud 4 *.psdb.cloud except:*.pg.psdb.cloud
eu.pg.psdb.cloud 4 except:* eu.pg.psdb.cloud
pg.psdb.cloud 6 pg.psdb.cloud except:pg.psdb.cloud
pg.psdb.cloud 4 except:pg.psdb.cloud pg.psdb.cloud
pg.psdb.cloud 4 a*b *.psdb.cloud
pg.psdb.cloud 6 pg*.psdb.cloud
pg.psdb.cloud 6 *psdb.cloud
pg.psdb.cloud 6 ipv6:pg.psdb.cloud
pg.psdb.cloud 4 other.example,pg.psdb.cloud,third.example
TABLE

# A rules file, and PIN4_HOSTS after it.
printf '# a comment\n*.psdb.cloud except:both.test # another\n' >"$tmp/rules.conf"
in_file() { # RULES HOST
	(
		PIN4_CONFIG=$tmp/rules.conf
		export PIN4_CONFIG
		reached "$1" "$2"
	)
}
is host_of_rules_file_is_over_ipv4 "$(in_file '' pg.psdb.cloud)" 4
is host_outside_rules_file_is_over_ipv6 "$(in_file '' notpsdb.cloud)" 6
is rule_of_environment_wins_over_same_pattern_in_file "$(in_file both.test both.test)" 4
is except_of_file_wins_over_wider_rule_of_environment "$(in_file '*' both.test)" 6
