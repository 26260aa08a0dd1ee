/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_COACH (tithe_coach_get_type ())

/* Returns: (transfer none) (nullable): what a step is about, as it is now; %NULL where it is not in sight */
typedef GtkWidget *(*TitheCoachFind) (gpointer data);

/*
 * A few steps that tell what is what, one after the other, each in a bubble beside what it is about. It is laid over a page
 * and takes no key but Escape, which ends it, no press beside the bubble, and no focus: what it tells of can be done
 * meanwhile, and it follows. It ends when what it tells of is not in sight any longer. (A popover that takes no focus either
 * loses presses under X11.)
 */
G_DECLARE_FINAL_TYPE (TitheCoach, tithe_coach, TITHE, COACH, GtkWidget)

GtkWidget *tithe_coach_new      (void);
void       tithe_coach_add      (TitheCoach *self, TitheCoachFind find, gpointer data, const char *title, const char *text,
                                 GtkWidget *more);
gboolean   tithe_coach_begin    (TitheCoach *self);
void       tithe_coach_end      (TitheCoach *self);
guint      tithe_coach_get_step (TitheCoach *self);

G_END_DECLS
