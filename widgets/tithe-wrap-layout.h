/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_WRAP_LAYOUT (tithe_wrap_layout_get_type ())

/* Children one after another as in a horizontal box, and in a further line where the width is at an end. In each line what is
 * left is shared by the children that expand. The property "spacing" is between children and between lines, in pixels, unless "line-spacing" is
 * another for these. */
G_DECLARE_FINAL_TYPE (TitheWrapLayout, tithe_wrap_layout, TITHE, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS
