/* SPDX-License-Identifier: MIT */
#include "tithe-verify-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/**
 * tithe_verify_dup_duration:
 *
 * Returns: (transfer full): such as “40 seconds”, “25 minutes” or “3.5 hours”
 */
char *
tithe_verify_dup_duration (double seconds)
{
  if (seconds < 99.5)
    return g_strdup_printf (ngettext ("%.0f second", "%.0f seconds", (gulong) ceil (seconds)), ceil (seconds));
  if (seconds < 99.5 * 60)
    return g_strdup_printf (ngettext ("%.0f minute", "%.0f minutes", (gulong) ceil (seconds / 60)),
                            ceil (seconds / 60));
  if (seconds < 99.5 * 3600)
    return g_strdup_printf (_("%.1f hours"), seconds / 3600);
  return g_strdup_printf (ngettext ("%.0f day", "%.0f days", (gulong) ceil (seconds / 86400)), ceil (seconds / 86400));
}

static char *
dup_undecided (const TitheVerifyClaim *claim, double margin, const char *arm, const char *against)
{
  const TitheComparison *c = &claim->comparison;
  g_autofree char *duration = tithe_verify_dup_duration (claim->seconds);

  if (c->n < 2)
    /* TRANSLATORS: in this sentence and those below the first two %s are subsets, such as “the semantic subset of 90 %”;
     * points are percentage points of accuracy */
    return g_strdup_printf (_("Not decided: %s against %s; it takes two trials of each at least."), arm, against);
  return g_strdup_printf (
      ngettext ("Not decided yet: %s against %s, %+.2f points, between %+.2f and %+.2f. To tell %.2g points "
                "apart would take about %zu more trial of each, some %s.",
                "Not decided yet: %s against %s, %+.2f points, between %+.2f and %+.2f. To tell %.2g points "
                "apart would take about %zu more trials of each, some %s.",
                claim->n_more),
      arm, against, 100 * c->difference, 100 * c->low, 100 * c->high, 100 * margin, claim->n_more, duration);
}

static char *
dup_verdict (const TitheVerifyClaim *claim, double margin, const char *arm, const char *against)
{
  const TitheComparison *c = &claim->comparison;

  switch (c->verdict)
    {
    case TITHE_VERDICT_BETTER:
      return g_strdup_printf (_("%s beats %s by %.2f points, between %+.2f and %+.2f."), arm, against,
                              100 * c->difference, 100 * c->low, 100 * c->high);
    case TITHE_VERDICT_WORSE:
      if (c->harmless) /* a loss is certain, and so is that it does not matter */
        return g_strdup_printf (
            _("%s loses to %s by %.2f points, between %+.2f and %+.2f: less than the %.2g points that "
               "matter."),
            arm, against, -100 * c->difference, 100 * c->low, 100 * c->high, 100 * margin);
      return g_strdup_printf (_("%s loses to %s by %.2f points, between %+.2f and %+.2f."), arm, against,
                              -100 * c->difference, 100 * c->low, 100 * c->high);
    case TITHE_VERDICT_NO_WORSE:
      return g_strdup_printf (
          _("%s does not lose to %s: %+.2f points, between %+.2f and %+.2f; a loss of %.2g points is "
             "ruled out."),
          arm, against, 100 * c->difference, 100 * c->low, 100 * c->high, 100 * margin);
    case TITHE_VERDICT_UNDECIDED:
    default:
      return dup_undecided (claim, margin, arm, against);
    }
}

/**
 * tithe_verify_claim_dup_text:
 * @margin: that the claim was judged with
 *
 * Returns: (transfer full): what can be said, in plain words, with the interval that it is read off
 */
char *
tithe_verify_claim_dup_text (const TitheVerifyClaim *claim, double margin)
{
  g_autofree char *arm = tithe_arm_dup_phrase (&claim->arm), *against = tithe_arm_dup_phrase (&claim->against);
  g_autofree char *words = dup_verdict (claim, margin, arm, against);
  GString *sentence = g_string_new (NULL);

  g_string_append_unichar (sentence, g_unichar_toupper (g_utf8_get_char (words)));
  g_string_append (sentence, g_utf8_next_char (words));
  return g_string_free (sentence, FALSE);
}

/**
 * tithe_verify_dup_promise:
 *
 * Returns: (transfer full): how far the verdicts of a report can be trusted, for wherever they are told
 */
char *
tithe_verify_dup_promise (void)
{
  return g_strdup_printf (
      _("These verdicts are right all together with a chance of %.0f %%, for a number of trials that was settled "
         "before; each is read off its interval, which is wider the more there are."),
      100 * (1 - TITHE_STATISTICS_LEVEL));
}

/**
 * tithe_verify_dup_class_promise:
 *
 * Returns: (transfer full): the same for a list of classes
 */
char *
tithe_verify_dup_class_promise (void)
{
  return g_strdup_printf (
      _("What is certain is right for all classes of the subset together with a chance of %.0f %%, for a number of "
         "trials that was settled before; it is read off the intervals, which are wider the more classes there are."),
      100 * (1 - TITHE_STATISTICS_LEVEL));
}

static char *
dup_note (TitheLeftOut reason, guint n)
{
  switch (reason)
    {
    case TITHE_LEFT_OUT_TEST:
      return g_strdup_printf (
          ngettext ("%u trial is left out: it was tested on other images than this plan tests on.",
                    "%u trials are left out: they were tested on other images than this plan tests on.", n),
          n);
    case TITHE_LEFT_OUT_UNRECORDED:
      return g_strdup_printf (
          ngettext ("%u trial is left out: an earlier version learned it, and did not keep which "
                    "images were held out for testing.",
                    "%u trials are left out: an earlier version learned them, and did not keep which "
                    "images were held out for testing.",
                    n),
          n);
    case TITHE_LEFT_OUT_ROUNDED:
      return g_strdup_printf (
          ngettext ("%u trial is left out: an earlier version learned it, and rounded its ratio.",
                    "%u trials are left out: an earlier version learned them, and rounded their ratio.", n),
          n);
    case TITHE_LEFT_OUT_COUNTS:
      return g_strdup_printf (
          ngettext ("%u trial is left out: it was tested on more or fewer images than the others.",
                    "%u trials are left out: they were tested on more or fewer images than the others.", n),
          n);
    case TITHE_LEFT_OUT_DAMAGED:
    default:
      return g_strdup_printf (ngettext ("%u trial is left out: it is damaged in the session.",
                                        "%u trials are left out: they are damaged in the session.", n),
                              n);
    }
}

/**
 * tithe_verify_report_list_notes:
 *
 * Returns: (transfer full) (element-type utf8): a sentence for each kind of trial that the session has and that is not
 *   used, and one for each of the first that are damaged
 */
GPtrArray *
tithe_verify_report_list_notes (const TitheVerifyReport *report)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func (g_free);

  for (TitheLeftOut reason = 0; reason < TITHE_N_LEFT_OUT; reason++)
    if (report->n_left_out[reason] > 0)
      g_ptr_array_add (notes, dup_note (reason, report->n_left_out[reason]));
  for (guint i = 0; i < report->damaged->len; i++)
    g_ptr_array_add (notes, g_strdup_printf (_("Damaged: %s."), (char *) g_ptr_array_index (report->damaged, i)));
  return notes;
}
