/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_ASIDE_LAYOUT (tithe_aside_layout_get_type ())

/* Two children, of which the second shows what the first is about: beside it where there is room, else above it. */
G_DECLARE_FINAL_TYPE (TitheAsideLayout, tithe_aside_layout, TITHE, ASIDE_LAYOUT, GtkLayoutManager)

G_END_DECLS
