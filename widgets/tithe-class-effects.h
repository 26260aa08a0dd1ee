/* SPDX-License-Identifier: MIT */
#pragma once

#include "verify/tithe-verify-report.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_CLASS_EFFECTS (tithe_class_effects_get_type ())

/*
 * Which classes lose most by a subset, after retraining: a list of them for one subset, which a person chooses. Signals:
 *
 *   "arm-changed"  another subset was chosen: what is shown is to be set again
 *   "chosen"       with the number of a class that was pressed
 */
G_DECLARE_FINAL_TYPE (TitheClassEffects, tithe_class_effects, TITHE, CLASS_EFFECTS, GtkWidget)

void     tithe_class_effects_show    (TitheClassEffects *self, const TitheVerifyReport *report, TitheDataset *dataset);
gboolean tithe_class_effects_get_arm (TitheClassEffects *self, TitheArm *arm);

G_END_DECLS
