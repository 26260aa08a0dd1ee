/* SPDX-License-Identifier: MIT */
#include "tithe-name.h"

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
