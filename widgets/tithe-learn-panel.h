/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/tithe-image.h"
#include "base/tithe-job.h"
#include "learn/tithe-epoch.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_LEARN_PANEL (tithe_learn_panel_get_type ())

/*
 * Learning as it goes, in a band of one line: how far it is, the time left, a button that stops it, and one that opens curves of
 * loss and accuracy, what they came to, and pictures as the network sees them.
 */
G_DECLARE_FINAL_TYPE (TitheLearnPanel, tithe_learn_panel, TITHE, LEARN_PANEL, GtkWidget)

GtkWidget *tithe_learn_panel_new          (void);
void       tithe_learn_panel_begin        (TitheLearnPanel *self, TitheJob *job);
void       tithe_learn_panel_add_epoch    (TitheLearnPanel *self, const TitheEpoch *epoch);
void       tithe_learn_panel_set_examples (TitheLearnPanel *self, GPtrArray *examples);
void       tithe_learn_panel_end          (TitheLearnPanel *self);

G_END_DECLS
