/* SPDX-License-Identifier: MIT */
#pragma once

#include "io/tithe-output.h"

G_BEGIN_DECLS

/*
 * What made a space: a small JSON file next to the features, PATH.json, that says which features it is about, by their
 * fingerprint, and everything that they depend on, in words. A record about other features is none; what it says is a
 * stranger's text.
 */

/* Of the file next to the features that says where they came from. */
#define TITHE_EMBEDDING_RECORD_ENDING ".json"

/* Bytes of a record, and of an origin in it, past which it is not believed to be one. */
#define TITHE_RECORD_MAX_SIZE ((gsize) 1 << 20)

char        *tithe_record_fingerprint (GBytes *features);
char        *tithe_record_read        (const char *features_path, const char *fingerprint);
TitheOutput *tithe_record_begin       (const char *features_path, const char *fingerprint, const char *origin,
                                       gboolean overwrite, GError **error);

G_END_DECLS
