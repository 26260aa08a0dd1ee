/* SPDX-License-Identifier: MIT */
#pragma once

#include "io/tithe-matrix.h"
#include "tithe-embedding.h"

G_BEGIN_DECLS

/* What an embedding is. Nothing of it changes once a constructor has given it out. */
struct _TitheEmbedding
{
  TitheMatrix matrix;
  char *locator;     /* (nullable): absolute path; none of rows that were made in memory */
  char *array;       /* (nullable) */
  char *fingerprint; /* hexadecimal SHA-256 */
  char *origin;      /* (nullable): how it was made */
  guint32 *row_of;   /* (nullable): row of each image where the rows have an order of their own */
};

TitheEmbedding *tithe_embedding_new_bound (TitheEmbedding *self, guint32 *row_of);

G_END_DECLS
