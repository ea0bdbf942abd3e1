/* SPDX-License-Identifier: MIT */
/* What --help prints. */
#ifndef PIN4_USAGE_H
#define PIN4_USAGE_H

#include "export.h"

extern HIDDEN const char usage_text[];

#endif
