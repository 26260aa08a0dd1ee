/* SPDX-License-Identifier: MIT */
#include "tithe-name.h"

#include "base/tithe-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ESCAPE_LENGTH 4

/* The byte that is escaped at @text, or -1. Only what escaping writes is taken for an escape. */
static int
read_escape (const char *text)
{
  int high, low, byte;

  if (text[0] != '\\' || text[1] != 'x')
    return -1;
  high = g_ascii_isxdigit (text[2]) && !g_ascii_islower (text[2]) ? g_ascii_xdigit_value (text[2]) : -1;
  low = high >= 0 && g_ascii_isxdigit (text[3]) && !g_ascii_islower (text[3]) ? g_ascii_xdigit_value (text[3]) : -1;
  byte = high * 16 + low;
  return low >= 0 && (byte >= 0x80 || byte == '\\') ? byte : -1;
}

static gboolean
holds_escape (const char *text)
{
  for (const char *p = strchr (text, '\\'); p != NULL; p = strchr (p + 1, '\\'))
    if (read_escape (p) >= 0)
      return TRUE;
  return FALSE;
}

/**
 * tithe_name_escape:
 * @name: any bytes, as a file system has them
 * @buffer: overwritten where something has to be escaped
 *
 * Returns: (transfer none): the escaped form, @name itself where nothing has to be; valid until either changes
 */
const char *
tithe_name_escape (const char *name, GString *buffer)
{
  const char *end;

  if (g_utf8_validate (name, -1, &end) && !holds_escape (name))
    return name;
  g_string_truncate (buffer, 0);
  while (*name != '\0')
    {
      g_utf8_validate (name, -1, &end);
      for (; name < end; name++)
        if (read_escape (name) >= 0)
          g_string_append (buffer, "\\x5C");
        else
          g_string_append_c (buffer, *name);
      if (*name != '\0')
        g_string_append_printf (buffer, "\\x%02X", (guint) (guint8) *name++);
    }
  return buffer->str;
}

/**
 * tithe_name_dup:
 *
 * Returns: (transfer full): the escaped form of @name, as of tithe_name_escape()
 */
char *
tithe_name_dup (const char *name)
{
  g_autoptr (GString) buffer = g_string_new (NULL);

  return g_strdup (tithe_name_escape (name, buffer));
}

/**
 * tithe_name_unescape:
 *
 * Returns: (transfer full): the bytes of which tithe_name_escape() made @escaped
 */
char *
tithe_name_unescape (const char *escaped)
{
  GString *out = g_string_sized_new (strlen (escaped));

  while (*escaped != '\0')
    {
      int byte = read_escape (escaped);

      g_string_append_c (out, (char) (byte >= 0 ? byte : *escaped));
      escaped += byte >= 0 ? ESCAPE_LENGTH : 1;
    }
  return g_string_free (out, FALSE);
}

/**
 * tithe_name_compare:
 * @a: points to a name in an array of names
 * @b: points to another
 *
 * For g_ptr_array_sort(): names in the order of their bytes.
 */
int
tithe_name_compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * tithe_name_dup_short:
 * @text: UTF-8, maybe a stranger's, who may have written megabytes
 *
 * Returns: (transfer full): the text, or its beginning and “…”
 */
char *
tithe_name_dup_short (const char *text)
{
  const gsize most = 4 * TITHE_NAME_MAX_LENGTH, length = strnlen (text, most + 1);
  g_autofree char *start = NULL;

  if (length <= most && g_utf8_strlen (text, (gssize) length) <= TITHE_NAME_MAX_LENGTH)
    return g_strdup (text);
  start = g_utf8_substring (text, 0, TITHE_NAME_MAX_LENGTH);
  return g_strconcat (start, "…", NULL);
}

/**
 * tithe_name_dup_list:
 * @names: (array length=n): UTF-8
 *
 * Returns: (transfer full): the names for a message, as “a”, “b”; of many the first ones and how many more there are
 */
char *
tithe_name_dup_list (const char *const *names, gsize n)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (gsize i = 0; i < MIN (n, TITHE_NAME_MAX_LISTED); i++)
    {
      g_autofree char *name = tithe_name_dup_short (names[i]);
      /* TRANSLATORS: a name in the quotes of the language */
      g_autofree char *quoted = g_strdup_printf (_("“%s”"), name);

      tithe_text_add_item (list, quoted);
    }
  if (n > TITHE_NAME_MAX_LISTED)
    /* TRANSLATORS: the end of a list that is too long; %s is its beginning, such as “a”, “b”, “c” */
    return g_strdup_printf (ngettext ("%s and %zu more", "%s and %zu more", n - TITHE_NAME_MAX_LISTED), list->str,
                            n - TITHE_NAME_MAX_LISTED);
  return g_string_free (g_steal_pointer (&list), FALSE);
}
