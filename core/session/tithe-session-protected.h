/* SPDX-License-Identifier: MIT */
#pragma once

#include "io/tithe-protected.h"
#include "tithe-session.h"

G_BEGIN_DECLS

TitheProtected *tithe_session_protect_files (TitheDataset *dataset, const char *session, const char *embedding);
TitheProtected *tithe_session_protect       (TitheSession *self, const char *embedding);

G_END_DECLS
