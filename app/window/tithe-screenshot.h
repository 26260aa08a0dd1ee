/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-window.h"

G_BEGIN_DECLS

void tithe_screenshot_when_settled (TitheWindow *window, const char *path);

G_END_DECLS
