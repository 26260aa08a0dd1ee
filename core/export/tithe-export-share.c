/* SPDX-License-Identifier: MIT */
#include "tithe-export-private.h"
#include "base/tithe-error.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

/* What writers of all forms share: how they fail, and how they name, read and sum up. */

/* Sets a %TITHE_EXPORT_ERROR; returns %FALSE. */
gboolean
tithe_export_fail (GError **error, TitheExportError code, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, TITHE_EXPORT_ERROR, (int) code, message);
  return FALSE;
}

/* Whether pictures are the export's own: not of lists and tables, and not where files are linked. */
gboolean
tithe_export_writes_pictures (const TitheExportOptions *options)
{
  const gboolean links = options->link == TITHE_EXPORT_HARD_LINK || options->link == TITHE_EXPORT_SYMBOLIC_LINK;

  return tithe_export_is_folder (options->format) && !(tithe_export_links_files (options->format) && links);
}

/* After a call of the system's that failed. */
gboolean
tithe_export_fail_at (const char *path, GError **error)
{
  return tithe_output_fail_at (error, path, errno);
}

/* RFC 8259, with what is no UTF-8 replaced. */
void
tithe_export_append_json (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_validate (text, -1, NULL) ? NULL : g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *c = valid ? valid : text; *c != '\0'; c++)
    if (*c == '"' || *c == '\\')
      g_string_append_printf (out, "\\%c", *c);
    else if ((guchar) *c < 0x20)
      g_string_append_printf (out, "\\u%04x", (guint) *c);
    else
      g_string_append_c (out, *c);
  g_string_append_c (out, '"');
}

/* A class's name as that of a folder, which is neither hidden nor leads elsewhere. */
char *
tithe_export_dup_folder (const char *class_name)
{
  char *name = g_strdup (class_name), *prefixed;

  g_strdelimit (name, "/", '_');
  if (*name != '\0' && *name != '.' && !g_str_equal (name, TITHE_PROVENANCE_NAME)
      && !g_str_equal (name, "metadata.csv"))
    return name;
  prefixed = g_strconcat ("_", name, NULL);
  g_free (name);
  return prefixed;
}

/* “.png” and so on; of a record, which is written as one, “.png”. */
const char *
tithe_export_get_ending (TitheExportItems *items, guint32 image, GString *buffer)
{
  const char *path, *ending;

  if (!tithe_dataset_has_files (items->dataset))
    return ".png";
  path = tithe_dataset_get_path (items->dataset, image, buffer);
  ending = strrchr (path, '.');
  return ending != NULL && strchr (ending, '/') == NULL ? ending : "";
}

/* The bytes of the image's file. */
GBytes *
tithe_export_read_file (TitheExportItems *items, guint32 image, GError **error)
{
  g_autofree char *file = tithe_dataset_dup_file (items->dataset, image), *data = NULL;
  g_autoptr (GError) local = NULL;
  gsize size;

  if (g_file_get_contents (file, &data, &size, &local))
    return g_bytes_new_take (g_steal_pointer (&data), size);
  tithe_export_fail (error, TITHE_EXPORT_ERROR_SOURCE, _("cannot read the image %u, “%s”: %s"), image, file,
                     tithe_error_get_reason (local));
  return NULL;
}

/* To be called once for each image, from any thread. */
void
tithe_export_mark (TitheExportItems *items, gsize i, gconstpointer data, gsize size)
{
  items->marks[i] = (guint32) crc32_z (0, data, size);
}
