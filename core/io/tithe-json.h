/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * JSON that somebody else may have written: the one place that parses it, and getters that check what they get.
 *
 * json-glib's parser calls itself for each bracket, so that a file of nothing but brackets overflows the stack; its getters
 * expect values of the right type. Text goes through tithe_json_parse() first, and values through the getters below: what
 * is missing, of another type or out of range is nothing, or what the caller gives instead. All of them take no object for
 * an empty one, so that they can be put into each other.
 */

/* Brackets in brackets. What this program writes has five. */
#define TITHE_JSON_MAX_DEPTH 64
#define TITHE_JSON_MAX_SIZE ((gsize) 100 << 20)

#define TITHE_JSON_ERROR (tithe_json_error_quark ())

typedef enum
{
  TITHE_JSON_ERROR_SYNTAX, /* not JSON, or not an object */
  TITHE_JSON_ERROR_LIMIT,  /* larger or deeper than anything that means well */
} TitheJsonError;

GQuark       tithe_json_error_quark   (void);
JsonNode    *tithe_json_parse         (const char *text, gsize size, GError **error);

JsonObject  *tithe_json_get_object    (JsonObject *object, const char *name);
JsonArray   *tithe_json_get_array     (JsonObject *object, const char *name);
const char  *tithe_json_get_string    (JsonObject *object, const char *name);
gint64       tithe_json_get_int       (JsonObject *object, const char *name, gint64 min, gint64 max, gint64 otherwise);
double       tithe_json_get_double    (JsonObject *object, const char *name, double otherwise);
gboolean     tithe_json_get_boolean   (JsonObject *object, const char *name);

const char  *tithe_json_item_string   (JsonArray *array, guint index);
gint64       tithe_json_item_int      (JsonArray *array, guint index, gint64 min, gint64 max, gint64 otherwise);
double       tithe_json_item_double   (JsonArray *array, guint index, double otherwise);

/* A text from tithe_json_begin() to tithe_json_end(), and members of the object that its builder is in. Objects and arrays
 * last until json_builder_end_object() or json_builder_end_array(). */
JsonBuilder *tithe_json_begin         (void);
void         tithe_json_add_string    (JsonBuilder *builder, const char *name, const char *value);
void         tithe_json_add_text      (JsonBuilder *builder, const char *name, const char *bytes);
void         tithe_json_add_texts     (JsonBuilder *builder, const char *name, GPtrArray *texts);
void         tithe_json_add_int       (JsonBuilder *builder, const char *name, gint64 value);
void         tithe_json_add_double    (JsonBuilder *builder, const char *name, double value);
void         tithe_json_add_boolean   (JsonBuilder *builder, const char *name, gboolean value);
void         tithe_json_begin_object  (JsonBuilder *builder, const char *name);
void         tithe_json_begin_array   (JsonBuilder *builder, const char *name);
char        *tithe_json_end           (JsonBuilder *builder, gboolean pretty);

G_END_DECLS
