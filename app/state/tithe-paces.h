/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TithePaceMemory:
 * @learn: seconds that a picture takes to be learned from once
 * @see: seconds that it takes to be looked at
 * @tried: whether that is from a few batches alone, and not from a learning
 *
 * How fast this machine learned, for each network and size of pictures, from one start of the program to the next.
 */
typedef struct
{
  double learn, see;
  gboolean tried;
} TithePaceMemory;

gboolean tithe_paces_recall   (const char *key, TithePaceMemory *memory);
gboolean tithe_paces_remember (const char *key, const TithePaceMemory *memory, GError **error);

G_END_DECLS
