/* SPDX-License-Identifier: MIT */
#include "session/tithe-session-protected.h"
#include "export/tithe-export.h"
#include "fixture.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

/* What the window writes: a process whose numbers have a decimal comma, which those of tithe-cli never have. */

typedef struct
{
  char *folder, *session;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->session = fixture_session (fixture->folder, "s.tithe", 3, 20);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  setlocale (LC_ALL, "C");
  g_free (fixture->session);
  fixture_remove (fixture->folder);
}

/* One export with its provenance; FALSE where the form can't hold these pictures. */
static gboolean
export_one (TitheSession *session, TitheCuration *curation, TitheExportFormat format, const char *path)
{
  g_autoptr (TitheEmbedding) embedding = tithe_session_open_embedding (session, NULL, NULL);
  g_autoptr (TitheSubset) subset = tithe_subset_new (tithe_session_get_hierarchy (session), curation);
  g_autoptr (TitheProtected) protected = tithe_session_protect (session, NULL);
  TitheSubsetChoice choice = { .ratio = 0.653 };
  g_autoptr (TitheProvenance) provenance = tithe_provenance_new (session, curation, &choice, -1, NULL);
  TitheExportOptions options = { .format = format, .protected = protected };
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (embedding);
  tithe_subset_choose (subset, &choice);
  if (tithe_export_subset (subset, embedding, &options, provenance, path, NULL, &error))
    return TRUE;
  g_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM);
  return FALSE;
}

/* All forms, and the session written anew, into a folder that is the same each time. */
static guint
export_all (Fixture *fixture, const char *kept)
{
  g_autofree char *out = g_build_filename (fixture->folder, "out", NULL);
  g_autofree char *target = g_build_filename (fixture->folder, kept, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (fixture->session, &error);
  g_autoptr (TitheCuration) curation = NULL;
  guint n = 0;

  g_assert_no_error (error);
  curation = tithe_session_open_curation (session, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir (out, 0755), ==, 0);
  for (guint format = 0; format < TITHE_N_EXPORT_FORMATS; format++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u", out, format);

      n += export_one (session, curation, (TitheExportFormat) format, path);
    }
  g_assert_cmpint (g_rename (out, target), ==, 0);
  return n;
}

static Fixture *current;
static guint n_compared;

/* When it was written is said in the provenance. */
static char *
without_time (const char *text, gsize length)
{
  g_autoptr (GRegex) time = g_regex_new ("\"(written|time)\" *: *[^,\\n]*", G_REGEX_RAW, 0, NULL);

  return memchr (text, '\0', length) ? NULL : g_regex_replace_literal (time, text, (gssize) length, 0, "", 0, NULL);
}

static int
compare (const char *path, const struct stat *st, int kind, struct FTW *walk)
{
  g_autofree char *plain = g_build_filename (current->folder, "plain", NULL);
  g_autofree char *other = NULL, *a = NULL, *b = NULL, *a_text = NULL, *b_text = NULL;
  gsize n_a, n_b;

  if (kind != FTW_F)
    return 0;
  other = g_strconcat (current->folder, "/german", path + strlen (plain), NULL);
  g_assert_true (g_file_get_contents (path, &a, &n_a, NULL) && g_file_get_contents (other, &b, &n_b, NULL));
  a_text = without_time (a, n_a);
  b_text = without_time (b, n_b);
  if (a_text != NULL && b_text != NULL)
    g_assert_cmpstr (a_text, ==, b_text);
  else
    g_assert_cmpmem (a, n_a, b, n_b);
  n_compared++;
  return 0;
}

static void
test_exports_have_the_same_bytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plain = g_build_filename (fixture->folder, "plain", NULL);
  guint n = export_all (fixture, "plain");

  g_assert_cmpuint (n, >=, TITHE_N_EXPORT_FORMATS - 2);
  if (!fixture_speak_german (fixture->folder))
    {
      g_test_skip ("localedef can make no German here: the package locales is not installed");
      return;
    }
  g_assert_cmpuint (export_all (fixture, "german"), ==, n);
  current = fixture;
  n_compared = 0;
  g_assert_cmpint (nftw (plain, compare, 16, FTW_PHYS), ==, 0);
  g_assert_cmpuint (n_compared, >, 2 * n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/exports/have-the-same-bytes-in-german", Fixture, NULL, set_up, test_exports_have_the_same_bytes,
              tear_down);
  return g_test_run ();
}
