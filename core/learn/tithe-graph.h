/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-network.h"

G_BEGIN_DECLS

/* The layers of a network, put together of what tithe-dnn.h offers: forwards, and for training backwards. */

TitheDnn *tithe_network_build (TitheNetwork *self, guint batch, gboolean training, gboolean bfloat16, GError **error);

G_END_DECLS
