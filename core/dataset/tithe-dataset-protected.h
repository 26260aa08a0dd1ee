/* SPDX-License-Identifier: MIT */
#pragma once

#include "io/tithe-protected.h"
#include "tithe-dataset.h"

G_BEGIN_DECLS

TitheProtected *tithe_dataset_protect (TitheDataset *self);

G_END_DECLS
