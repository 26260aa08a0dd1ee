/* SPDX-License-Identifier: MIT */
#include "tithe-group-shown.h"

/* Adds the members of a group that are kept, or those that are not, in the order of the dendrogram, as far as there is room. */
static guint32
add_members (TitheSubset *subset, const TitheGroup *group, guint32 representative, gboolean kept, guint32 *images,
             guint32 n, guint32 room)
{
  for (guint32 m = 0; m < group->size && n < room; m++)
    {
      const guint32 image = tithe_cut_get_image (tithe_subset_get_cut (subset), group, m);

      if ((tithe_subset_keeps (subset, image, representative) != FALSE) == kept)
        images[n++] = image;
    }
  return n;
}

/**
 * tithe_group_choose_shown:
 * @group: of the subset's cut
 * @room: how many at most
 * @n: (out): how many there are
 * @n_kept: (out): how many of them are kept
 *
 * Returns: (transfer full) (array length=n): images, those that are kept first; takes O(members) time
 */
guint32 *
tithe_group_choose_shown (TitheSubset *subset, const TitheGroup *group, guint32 room, guint32 *n, guint32 *n_kept)
{
  const guint32 representative = tithe_subset_get_representative (subset, group);
  guint32 *images = g_new (guint32, MAX (1, MIN (room, group->size)));

  *n_kept = add_members (subset, group, representative, TRUE, images, 0, room);
  *n = add_members (subset, group, representative, FALSE, images, *n_kept, room);
  return images;
}
