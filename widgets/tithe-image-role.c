/* SPDX-License-Identifier: MIT */
#include "tithe-image-role.h"

#include <glib/gi18n.h>

/**
 * tithe_image_role_get:
 * @subset: with a curation
 * @group: (out): that the image is in; of itself alone where it is in none
 *
 * Returns: what the image is in the subset
 */
TitheMember
tithe_image_role_get (TitheSubset *subset, guint32 image, TitheGroup *group)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  TitheCuration *curation = tithe_subset_get_curation (subset);
  const guint32 position = tithe_curation_get_position (curation, image);
  guint32 representative = image;

  if (tithe_subset_find_group (subset, image, group))
    representative = tithe_subset_get_representative (subset, group);
  else
    *group = (TitheGroup){ tithe_dataset_get_label (dataset, image), position, 1, TITHE_NODE_NONE };
  return (TitheMember){ .image = image,
                        .position = position,
                        .decision = tithe_curation_get_decision (curation, image),
                        .kept = tithe_subset_keeps (subset, image, representative),
                        .represents = image == representative };
}

/* tithe_image_role_describe: whether the image is kept, and whether somebody decided so */
const char *
tithe_image_role_describe (const TitheMember *role)
{
  switch (role->decision)
    {
    case TITHE_DECISION_KEEP:
      return C_ ("image", "kept by hand");
    case TITHE_DECISION_DISCARD:
      return C_ ("image", "discarded by hand");
    case TITHE_DECISION_REPRESENTATIVE:
      return C_ ("image", "representative by hand");
    case TITHE_DECISION_AUTOMATIC:
    default:
      return role->kept ? C_ ("image", "kept") : C_ ("image", "discarded");
    }
}
