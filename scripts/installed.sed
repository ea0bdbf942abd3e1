# SPDX-License-Identifier: MIT
# README.md as it is installed: links to installed files lead there, other links become plain text.
s,(scripts/deb/changelog),(changelog),g
s,(scripts/deploy/,(deploy/,g
s,(scripts/pin4\.conf),(pin4.conf),g
s,\[\([^]]*\)\](\(\.github\|scripts\|shim\|tests\)/[^)]*),\1,g
