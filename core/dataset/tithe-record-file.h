/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A file that is read by position from any thread: plain, or inflated as a whole where it is a gzip file. It is read
 * rather than mapped, so that a disk that fails, or a file that is cut while it is open, is an error and no crash.
 */
typedef struct _TitheRecordFile TitheRecordFile;

gboolean         tithe_record_file_peek      (const char *path, gpointer out, gsize *n, GError **error);
char            *tithe_record_file_read_text (const char *path, gsize *size, GError **error);
TitheRecordFile *tithe_record_file_open      (const char *path, guint64 max_inflated, GError **error);
void             tithe_record_file_free      (TitheRecordFile *self);
guint64          tithe_record_file_get_size  (TitheRecordFile *self);
gboolean         tithe_record_file_read      (TitheRecordFile *self, guint64 offset, gpointer out, gsize n,
                                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheRecordFile, tithe_record_file_free)

G_END_DECLS
