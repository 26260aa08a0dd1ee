/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-group-list.h"

G_BEGIN_DECLS

/**
 * TitheBookmark:
 * @subset: ratio, policy and rule
 * @shown: class, view, order and filters; its text is owned
 * @images: (element-type guint32): that were in view, from the top
 * @below_top: pixels from the top of the view to the heading of the first of them
 * @selected: (element-type guint32): the images that were selected
 * @cursor: that the keys were about, or TITHE_IMAGE_NONE
 * @n_images: of the dataset, 0 where a bookmark does not know yet
 * @n_classes: of the dataset
 * @n_groups: redundant ones, at this ratio
 * @n_reviewed: of these, that somebody has looked at
 *
 * Where a person is in a session: what it takes to look at the same again, and how far it is, for who chooses between sessions.
 */
typedef struct
{
  TitheSubsetChoice subset;
  TitheGroupChoice shown;
  GArray *images;
  double below_top;
  GArray *selected;
  guint32 cursor;
  gsize n_images, n_classes, n_groups, n_reviewed;
} TitheBookmark;

TitheBookmark *tithe_bookmark_new  (void);
void           tithe_bookmark_free (TitheBookmark *self);
TitheBookmark *tithe_bookmark_load (const char *session);
gboolean       tithe_bookmark_save (TitheBookmark *self, const char *session, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheBookmark, tithe_bookmark_free)

G_END_DECLS
