/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_FOLD_BIN (tithe_fold_bin_get_type ())

/*
 * One child with two forms: all of it where there is room for that, and a narrow one. The property "narrow" says which it is
 * to have; whoever made the child hides or moves what gives way. The child itself tells what is room enough: it is asked in its
 * wide form, so that large letters and long words need no other figures. "least" is the width that the bin asks for, in
 * pixels, as long as the narrow form needs no more. What changes changes between frames: while widgets are laid out none of
 * them may come or go.
 */
G_DECLARE_FINAL_TYPE (TitheFoldBin, tithe_fold_bin, TITHE, FOLD_BIN, GtkWidget)

/* How wide one of the two forms must be, in pixels, where the child asks for more or less while it gets from one to the other. */
typedef int (*TitheFoldBinNeed) (GtkWidget *child, gboolean narrow);

GtkWidget *tithe_fold_bin_new        (void);
void       tithe_fold_bin_set_child  (TitheFoldBin *self, GtkWidget *child);
void       tithe_fold_bin_set_need   (TitheFoldBin *self, TitheFoldBinNeed need);
gboolean   tithe_fold_bin_get_narrow (TitheFoldBin *self);
void       tithe_fold_bin_move       (GtkWidget *widget, GtkBox *to);

G_END_DECLS
