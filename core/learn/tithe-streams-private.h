/* SPDX-License-Identifier: MIT */
#pragma once

/* What random numbers of a learning are for: no two uses share a stream. */
#define TITHE_STREAM_WEIGHTS 0
#define TITHE_STREAM_ORDER 1
#define TITHE_STREAM_MIRROR 2
#define TITHE_STREAM_AUGMENT 3 /* and one for each further epoch */
#define TITHE_STREAM_HOLD_OUT ((guint64) 1 << 32)
