/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-task.h"

#include "curate/tithe-curation.h"

G_BEGIN_DECLS

/**
 * TitheOpening:
 * @path: of a dataset or a session, or where the demo is drawn to
 * @embeddings: (nullable): a file with a row for each image
 * @linkage: of what is clustered
 * @max_memory: bytes that clustering may take, or 0 for half of the machine's memory
 * @demo: whether the demo is drawn first, where it is not there yet
 * @hierarchy: (nullable): once it is known of what, while its classes are being clustered
 * @embedding: (nullable): what it is computed from, where that is there
 * @quick: whether images are compared by the quick descriptor
 * @session: (nullable): path of the session, once every class is in it
 * @curation: (nullable): what was decided in it
 * @undecided: (nullable): why the decisions can't be read
 *
 * How a dataset or a session is opened, in a thread: everything that takes time on the way from a path to what a window
 * works on.
 */
typedef struct
{
  char *path, *embeddings;
  TitheLinkage linkage;
  guint64 max_memory;
  gboolean demo;

  TitheHierarchy *hierarchy;
  TitheEmbedding *embedding;
  gboolean quick;
  char *session;
  TitheCuration *curation;
  GError *undecided;

  TitheTaskNewsFunc opened, class_finished; /* told from the thread, with the opening as news */
  int telling;                              /* atomic: whether finished classes are told of already */
} TitheOpening;

TitheOpening *tithe_opening_ref   (TitheOpening *self);
TitheOpening *tithe_opening_new   (const char *path, const char *embeddings);
void          tithe_opening_unref (TitheOpening *self);
gboolean      tithe_opening_run   (TitheTask *task, gpointer opening, GError **error);

G_END_DECLS
