/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_APPLICATION_ID "org.tithe.Tithe"

#define TITHE_TYPE_APPLICATION (tithe_application_get_type ())

G_DECLARE_FINAL_TYPE (TitheApplication, tithe_application, TITHE, APPLICATION, AdwApplication)

TitheApplication *tithe_application_new (GApplicationFlags flags);

G_END_DECLS
