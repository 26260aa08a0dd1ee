/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *tithe_error_get_reason (const GError *error);

G_END_DECLS
