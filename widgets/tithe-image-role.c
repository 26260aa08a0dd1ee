/* SPDX-License-Identifier: MIT */
#include "tithe-image-role.h"

#include <glib/gi18n.h>

/**
 * tithe_image_role_describe:
 * @subset: with a curation
 * @representative: of the image's group, or the image itself where it stands alone
 *
 * Returns: whether the image is kept, and whether somebody decided so
 */
const char *
tithe_image_role_describe (TitheSubset *subset, guint32 image, guint32 representative)
{
  switch (tithe_curation_get_decision (tithe_subset_get_curation (subset), image))
    {
    case TITHE_DECISION_KEEP:
      return C_ ("image", "kept by hand");
    case TITHE_DECISION_DISCARD:
      return C_ ("image", "discarded by hand");
    case TITHE_DECISION_REPRESENTATIVE:
      return C_ ("image", "representative by hand");
    case TITHE_DECISION_AUTOMATIC:
    default:
      return tithe_subset_keeps (subset, image, representative) ? C_ ("image", "kept") : C_ ("image", "discarded");
    }
}
