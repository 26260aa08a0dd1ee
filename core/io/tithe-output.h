/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-protected.h"

G_BEGIN_DECLS

#define TITHE_OUTPUT_ERROR (tithe_output_error_quark ())

typedef enum
{
  TITHE_OUTPUT_ERROR_WRITE,     /* the target can't be written */
  TITHE_OUTPUT_ERROR_SPACE,     /* the target's file system is full */
  TITHE_OUTPUT_ERROR_EXISTS,    /* the target is there already, and was not to be replaced */
  TITHE_OUTPUT_ERROR_FOREIGN,   /* the target is there, and is nothing that may be replaced by this */
  TITHE_OUTPUT_ERROR_PROTECTED, /* the target is, or is inside, what is never written to */
} TitheOutputError;

/**
 * TitheOutput:
 *
 * A file or a folder on its way to where it is wanted: written under a temporary name in the same folder, synced, and
 * renamed. Until then the target is as it was; given up, nothing of it is left.
 *
 * A target that is protected is refused, and so is one that is there already unless it was said that it may be replaced.
 */
typedef struct _TitheOutput TitheOutput;

GQuark       tithe_output_error_quark   (void);
TitheOutputError
             tithe_output_classify      (int number);
gboolean     tithe_output_fail          (GError **error, TitheOutputError code, const char *path, const char *why);
gboolean     tithe_output_fail_at       (GError **error, const char *path, int number);

gboolean     tithe_output_check         (const char *path, const TitheProtected *protected, gboolean overwrite,
                                         GError **error);
gboolean     tithe_output_write         (const char *path, const char *data, gsize size, GError **error);

TitheOutput *tithe_output_begin         (const char *path, const TitheProtected *protected, gboolean overwrite,
                                         GError **error);
TitheOutput *tithe_output_begin_folder  (const char *path, const char *marker, const TitheProtected *protected,
                                         gboolean overwrite, GError **error);
gboolean     tithe_output_check_room    (TitheOutput *self, guint64 n_bytes, guint64 n_files, GError **error);
const char  *tithe_output_get_temporary (TitheOutput *self);
gboolean     tithe_output_put           (TitheOutput *self, const char *data, gsize size, GError **error);
gboolean     tithe_output_propagate     (TitheOutput *self, GError *local, GError **error);
gboolean     tithe_output_finish        (TitheOutput *self, GError **error);
void         tithe_output_free          (TitheOutput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheOutput, tithe_output_free)

G_END_DECLS
