/* SPDX-License-Identifier: MIT */
#include "tithe-record-file.h"
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "io/tithe-regular.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* A GByteArray holds no more. */
#define MAX_INFLATED (G_MAXUINT32 - G_GUINT64_CONSTANT (1))
#define INFLATE_AT_ONCE (1u << 20)

struct _TitheRecordFile
{
  char *path;
  int fd;              /* of a plain file, else -1 */
  GByteArray *content; /* of a gzip file, else NULL */
  guint64 size;
};

static int
open_regular (const char *path, guint64 *size, GError **error)
{
  const char *why;
  int fd = tithe_regular_open (path, size, &why);

  if (fd < 0)
    tithe_dataset_fail_to_read (path, why, error);
  return fd;
}

/* For gzclose(), which closes the file. */
static gzFile
open_gzip (const char *path, GError **error)
{
  guint64 size;
  int fd = open_regular (path, &size, error);
  gzFile file = fd >= 0 ? gzdopen (fd, "rb") : NULL;

  if (fd >= 0 && file == NULL)
    {
      tithe_dataset_fail_to_read (path, g_strerror (ENOMEM), error);
      close (fd);
    }
  return file;
}

/* After gzread(): a disk that fails is told from data that is damaged. */
static gboolean
check_gzip (gzFile file, const char *path, guint64 n_read, GError **error)
{
  int status = Z_OK, number = errno;
  g_autofree char *shown = NULL;

  gzerror (file, &status);
  if (status == Z_ERRNO)
    return tithe_dataset_fail_to_read (path, g_strerror (number), error);
  if (status == Z_OK || status == Z_STREAM_END)
    return TRUE;
  shown = tithe_name_dup (path);
  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
               _("“%s” is damaged: its gzip data ends or breaks after %" PRIu64 " bytes; copy or download it again"),
               shown, n_read);
  return FALSE;
}

/**
 * tithe_record_file_peek:
 * @out: (out caller-allocates): the first bytes, inflated where it is a gzip file
 * @n: (inout): how many are wanted, and how many there are
 *
 * Returns: %FALSE with an error where the file can't be read
 */
gboolean
tithe_record_file_peek (const char *path, gpointer out, gsize *n, GError **error)
{
  gzFile file = open_gzip (path, error);
  int n_read;
  gboolean ok;

  if (file == NULL)
    return FALSE;
  n_read = gzread (file, out, (unsigned) *n);
  *n = (gsize) MAX (n_read, 0);
  ok = check_gzip (file, path, *n, error);
  gzclose (file);
  return ok;
}

/* Memory grows with what really comes out, so a file that promises more than it has takes none. */
static gboolean
inflate_file (TitheRecordFile *self, guint64 max_size, GError **error)
{
  gzFile file = open_gzip (self->path, error);
  g_autofree guint8 *block = NULL;
  gboolean ok;
  int n;

  if (file == NULL)
    return FALSE;
  block = g_malloc (INFLATE_AT_ONCE);
  self->content = g_byte_array_new ();
  do
    {
      n = gzread (file, block, (unsigned) MIN (INFLATE_AT_ONCE, max_size - self->content->len));
      if (n > 0)
        g_byte_array_append (self->content, block, (guint) n);
    }
  while (n > 0 && self->content->len < max_size);
  ok = check_gzip (file, self->path, self->content->len, error);
  gzclose (file);
  self->size = self->content->len;
  return ok;
}

/**
 * tithe_record_file_open:
 * @path: a gzip file where it ends in .gz
 * @max_inflated: of a gzip file, no more than so many bytes are inflated and known of
 *
 * Returns: (transfer full): the file, or %NULL with a %TITHE_DATASET_ERROR
 */
TitheRecordFile *
tithe_record_file_open (const char *path, guint64 max_inflated, GError **error)
{
  g_autoptr (TitheRecordFile) self = g_new0 (TitheRecordFile, 1);

  self->path = g_strdup (path);
  self->fd = -1;
  if (g_str_has_suffix (path, ".gz"))
    return inflate_file (self, MIN (max_inflated, MAX_INFLATED), error) ? g_steal_pointer (&self) : NULL;
  self->fd = open_regular (path, &self->size, error);
  return self->fd >= 0 ? g_steal_pointer (&self) : NULL;
}

/**
 * tithe_record_file_read_text:
 * @size: (out): bytes of it
 *
 * Returns: (transfer full): all that is in a plain file, with a zero byte after it; %NULL with a %TITHE_DATASET_ERROR
 */
char *
tithe_record_file_read_text (const char *path, gsize *size, GError **error)
{
  g_autoptr (TitheRecordFile) self = tithe_record_file_open (path, 0, error);
  g_autofree char *text = NULL;

  if (self == NULL)
    return NULL;
  *size = self->size;
  text = g_try_malloc (*size + 1);
  if (text == NULL)
    tithe_dataset_fail_to_read (path, g_strerror (ENOMEM), error);
  if (text == NULL || !tithe_record_file_read (self, 0, text, *size, error))
    return NULL;
  text[*size] = '\0';
  return g_steal_pointer (&text);
}

/* tithe_record_file_free: while nobody reads */
void
tithe_record_file_free (TitheRecordFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->content, g_byte_array_unref);
  g_free (self->path);
  g_free (self);
}

/* tithe_record_file_get_size: bytes when it was opened, inflated ones of a gzip file */
guint64
tithe_record_file_get_size (TitheRecordFile *self)
{
  return self->size;
}

static gboolean
fail_short (TitheRecordFile *self, guint64 offset, gsize n, GError **error)
{
  g_autofree char *shown = tithe_name_dup (self->path);

  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
               _("“%s” is cut short: %zu bytes from byte %" PRIu64 " on are not there"), shown, n, offset);
  return FALSE;
}

/**
 * tithe_record_file_read:
 * @out: (out caller-allocates): @n bytes from @offset on
 *
 * From any thread, and from several at once.
 *
 * Returns: %FALSE with an error where not all of them can be read
 */
gboolean
tithe_record_file_read (TitheRecordFile *self, guint64 offset, gpointer out, gsize n, GError **error)
{
  if (offset > self->size || n > self->size - offset)
    return fail_short (self, offset, n, error);
  if (self->content != NULL)
    {
      memcpy (out, self->content->data + offset, n);
      return TRUE;
    }
  for (gsize done = 0; done < n;)
    {
      gssize got = pread (self->fd, (guint8 *) out + done, n - done, (off_t) (offset + done));

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return tithe_dataset_fail_to_read (self->path, g_strerror (errno), error);
      if (got == 0)
        return fail_short (self, offset, n, error);
      done += (gsize) got;
    }
  return TRUE;
}
