/* SPDX-License-Identifier: MIT */
#include "tithe-export-private.h"

static TitheExportVerdict
judge_image (TitheSubset *subset, guint32 image, guint32 group, guint32 size, guint32 representative,
             TitheEmbedding *embedding)
{
  TitheCuration *curation = tithe_subset_get_curation (subset);
  gboolean apart = embedding != NULL && representative != TITHE_IMAGE_NONE && size > 1;

  return (TitheExportVerdict){ .group = group,
                               .representative = representative,
                               .group_size = size,
                               .kept = tithe_subset_keeps (subset, image, representative),
                               .manual
                               = curation && tithe_curation_get_decision (curation, image) != TITHE_DECISION_AUTOMATIC,
                               .dissimilarity
                               = apart ? tithe_embedding_dissimilarity (embedding, image, representative) : 0.0 };
}

/**
 * tithe_export_judge:
 * @embedding: (nullable): bound to the dataset; %NULL leaves dissimilarities at 0
 *
 * Groups are numbered in the order of their first images: the same ones have the same numbers however far down the images
 * were clustered. Takes O(n) time and, with an embedding, one dissimilarity for each image of a group.
 *
 * Returns: (transfer full): a verdict for each image of the dataset
 */
TitheExportVerdict *
tithe_export_judge (TitheSubset *subset, TitheEmbedding *embedding)
{
  TitheCut *cut = tithe_subset_get_cut (subset);
  gsize n = tithe_dataset_get_n_images (tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut))), n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (cut, &n_groups);
  TitheExportVerdict *verdicts = g_new0 (TitheExportVerdict, MAX (1, n));
  g_autofree guint32 *numbers = g_new0 (guint32, n_groups + 1);
  guint32 n_numbered = 0;

  for (gsize g = 0; g < n_groups; g++)
    {
      guint32 representative = tithe_subset_get_representative (subset, &groups[g]);

      for (guint32 m = 0; m < groups[g].size; m++)
        {
          guint32 image = tithe_cut_get_image (cut, &groups[g], m);

          verdicts[image] = judge_image (subset, image, (guint32) g + 1, groups[g].size, representative, embedding);
        }
    }
  for (guint32 i = 0; i < n; i++)
    if (verdicts[i].group == 0)
      verdicts[i] = judge_image (subset, i, 0, 1, i, NULL);
    else
      {
        if (numbers[verdicts[i].group] == 0)
          numbers[verdicts[i].group] = ++n_numbered;
        verdicts[i].group = numbers[verdicts[i].group];
      }
  return verdicts;
}

/* Appends the columns group to origin of a CSV file, and the end of the line. */
void
tithe_export_append_verdict (GString *out, const TitheExportVerdict *verdict)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (verdict->group > 0)
    g_string_append_printf (out, "%u", verdict->group - 1);
  g_string_append_printf (out, ",%u,%d,", verdict->group_size, verdict->kept);
  if (verdict->representative != TITHE_IMAGE_NONE)
    g_string_append_printf (out, "%u,%s", verdict->representative,
                            g_ascii_formatd (number, sizeof number, "%.7g", verdict->dissimilarity));
  else
    g_string_append_c (out, ',');
  g_string_append (out, verdict->manual ? ",hand\n" : ",auto\n");
}
