/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-rule.h"
#include "image/tithe-thumbnails.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_RULE_ROW (tithe_rule_row_get_type ())
/* Of its pictures, in pixels of the window. */
#define TITHE_RULE_ROW_EDGE 64

/* One change that a rule would make: what gives way beside what is kept, and what the choice rests on. */
G_DECLARE_FINAL_TYPE (TitheRuleRow, tithe_rule_row, TITHE, RULE_ROW, GtkWidget)

GtkWidget *tithe_rule_row_new           (void);
void       tithe_rule_row_show          (TitheRuleRow *self, TitheDataset *dataset, const TitheRuleChange *change,
                                         TitheRuleKind kind);
void       tithe_rule_row_show_pictures (TitheRuleRow *self, TitheThumbnails *thumbnails);
void       tithe_rule_row_add_images    (TitheRuleRow *self, GArray *images);

G_END_DECLS
