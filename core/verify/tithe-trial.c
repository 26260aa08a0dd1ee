/* SPDX-License-Identifier: MIT */
#include "tithe-trial.h"
#include "base/tithe-byte-order.h"
#include "tithe-verify-plan.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* More than any dataset has. */
#define MAX_CLASSES (1u << 20)
#define MAX_COUNT ((gint64) 1 << 40)

/* The counts of a blob, which need not be aligned. */
static GArray *
read_counts (gconstpointer data, gsize size)
{
  const guint n = (guint) (size / sizeof (guint32));
  GArray *counts = g_array_sized_new (FALSE, TRUE, sizeof (guint32), n);

  g_array_set_size (counts, n);
  if (n > 0)
    tithe_byte_order_copy (counts->data, data, n, sizeof (guint32));
  return counts;
}

/* Why the counts are none of a trial of that accuracy; NULL where they are. */
static const char *
check_counts (const TitheTrialRow *row)
{
  const gsize n = row->tested_size / sizeof (guint32);
  guint64 n_tested = 0, n_right = 0;

  if (row->tested_size % sizeof (guint32) != 0 || row->tested_size != row->right_size || n == 0 || n > MAX_CLASSES
      || row->tested == NULL || row->right == NULL)
    return _("the numbers of its classes do not go together");
  for (gsize c = 0; c < n; c++)
    {
      guint32 tested, right;

      tithe_byte_order_copy (&tested, (const guint8 *) row->tested + c * sizeof tested, 1, sizeof tested);
      tithe_byte_order_copy (&right, (const guint8 *) row->right + c * sizeof right, 1, sizeof right);
      if (right > tested)
        return _("more answers are right than were given");
      n_tested += tested;
      n_right += right;
    }
  if (n_tested == 0 || !(fabs ((double) n_right / (double) n_tested - row->accuracy) < 1e-6))
    return _("its accuracy is not that of its classes");
  return NULL;
}

static const char *
check_row (const TitheTrialRow *row, TitheArm *arm)
{
  if (row->arm == NULL || strlen (row->arm) > 256 || !tithe_arm_from_string (row->arm, arm))
    return _("it is of no subset that Tithe knows");
  if (row->number < 0 || row->number >= TITHE_VERIFY_MAX_TRIALS)
    return _("its number is out of range");
  if (!row->finished)
    return NULL;
  if (!(row->accuracy >= 0 && row->accuracy <= 1))
    return _("its accuracy is out of range");
  if (row->n_images < 0 || row->n_images > MAX_COUNT || row->n_steps < 0 || row->n_steps > MAX_COUNT)
    return _("its number of images or steps is out of range");
  if (!(row->seconds >= 0 && isfinite (row->seconds)))
    return _("its time is out of range");
  return check_counts (row);
}

/**
 * tithe_trial_read:
 * @self: (out): the trial, for tithe_trial_clear(); cleared where there is none
 * @row: what a file says
 * @reason: (out) (optional) (transfer full): which trial that should be and why it is none
 *
 * Every number is looked at: a session may be a stranger's.
 *
 * Returns: whether the row is a trial
 */
gboolean
tithe_trial_read (TitheTrial *self, const TitheTrialRow *row, char **reason)
{
  TitheArm arm = { 0 };
  const char *fault = check_row (row, &arm);

  *self = (TitheTrial){ .arm = arm };
  if (fault != NULL)
    {
      g_autofree char *name
          = g_utf8_make_valid (row->arm ? row->arm : "", row->arm ? (gssize) strnlen (row->arm, 80) : 0);

      if (reason != NULL)
        *reason = g_strdup_printf (_("trial %" PRId64 " of “%s”: %s"), row->number, name, fault);
      return FALSE;
    }
  self->number = (guint) row->number;
  self->finished = row->finished;
  if (!row->finished)
    return TRUE;
  self->accuracy = row->accuracy;
  self->n_images = (gsize) row->n_images;
  self->n_steps = (gsize) row->n_steps;
  self->seconds = row->seconds;
  self->n_tested = read_counts (row->tested, row->tested_size);
  self->n_right = read_counts (row->right, row->right_size);
  return TRUE;
}

/* tithe_trial_count_tested: test images of all classes, 0 where the trial is not finished */
gsize
tithe_trial_count_tested (const TitheTrial *self)
{
  gsize n = 0;

  for (guint c = 0; self->n_tested != NULL && c < self->n_tested->len; c++)
    n += g_array_index (self->n_tested, guint32, c);
  return n;
}

/* tithe_trial_clear: frees what a trial owns, and not the trial */
void
tithe_trial_clear (TitheTrial *self)
{
  g_clear_pointer (&self->n_tested, g_array_unref);
  g_clear_pointer (&self->n_right, g_array_unref);
}

/* tithe_trial_free: (transfer full) @self: a trial of its own, as in an array of pointers */
void
tithe_trial_free (gpointer self)
{
  tithe_trial_clear (self);
  g_free (self);
}
