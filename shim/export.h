/* SPDX-License-Identifier: MIT */
/* Marks what the program may call; everything else in the library is hidden. */
#ifndef PIN4_EXPORT_H
#define PIN4_EXPORT_H

#define EXPORT __attribute__((visibility("default")))

#endif
