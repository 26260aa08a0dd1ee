/* SPDX-License-Identifier: MIT */
#include "tithe-language.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

/* Where a program was built and not installed, catalogues are in the build's folder resources. */
static char *
find_catalogues (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program ? g_path_get_dirname (program) : NULL;
  g_autofree char *built = folder ? g_build_filename (folder, "..", "resources", "po", NULL) : NULL;

  return built && g_file_test (built, G_FILE_TEST_IS_DIR) ? g_steal_pointer (&built) : g_strdup (LOCALEDIR);
}

/**
 * tithe_language_begin:
 * @plain_numbers: whether numbers have a decimal point in any language, as on the command line, where they are typed again
 *
 * The program speaks the language of the person from now on. For main(), before there are threads.
 */
void
tithe_language_begin (gboolean plain_numbers)
{
  g_autofree char *catalogues = find_catalogues ();

  setlocale (LC_ALL, "");
  if (plain_numbers)
    setlocale (LC_NUMERIC, "C");
  bindtextdomain (GETTEXT_PACKAGE, catalogues);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

/**
 * tithe_language_leave:
 *
 * What is said from now on is for a program, and in no person's language. Before there are threads, too.
 */
void
tithe_language_leave (void)
{
  setlocale (LC_MESSAGES, "C");
}

/**
 * tithe_language_dup:
 *
 * Returns: (transfer full): that of the words that _() gives in this thread, as in HTML: en, de, zh-CN
 */
char *
tithe_language_dup (void)
{
  /* The message without text has the catalogue's header. */
  const char *header = dgettext (GETTEXT_PACKAGE, ""), *line = strstr (header, "Language: ");
  g_autofree char *language = line ? g_strdup (line + strlen ("Language: ")) : NULL;

  if (language == NULL || !g_ascii_isalpha (*language))
    return g_strdup ("en");
  language[strcspn (language, "\n@.\"<>&")] = '\0';
  return g_strdelimit (g_steal_pointer (&language), "_", '-');
}

/* tithe_language_is_mirrored: whether it is written from right to left */
gboolean
tithe_language_is_mirrored (const char *language)
{
  static const char *const mirrored[] = { "ar", "dv", "fa", "he", "ku", "ps", "ug", "ur", "yi" };
  g_auto (GStrv) parts = g_strsplit (language, "-", 2);

  for (guint i = 0; i < G_N_ELEMENTS (mirrored); i++)
    if (g_strcmp0 (parts[0], mirrored[i]) == 0)
      return TRUE;
  return FALSE;
}
