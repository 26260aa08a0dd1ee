/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GString *tithe_npy_header (const char *descr, gsize rows, gsize columns);

G_END_DECLS
