/* SPDX-License-Identifier: MIT */
#include "tithe-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK (tithe-json-error-quark, tithe_json_error)

/* What can stand outside strings; comments and what else json-glib takes could hide brackets from being counted. */
static gboolean
is_plain (char c)
{
  return g_ascii_isalpha (c) || (c != '\0' && strchr (" \t\r\n,:", c) != NULL);
}

/* Where the number ends that begins at @at; nowhere where it is a whole one past 64 bits, which json-glib takes for
 * another one. */
static const char *
skip_number (const char *at, const char *end)
{
  const char *start = at;
  g_autofree char *digits = NULL;
  gboolean whole = TRUE;

  for (; at < end && (g_ascii_isdigit (*at) || strchr ("+-.eE", *at) != NULL) && *at != '\0'; at++)
    whole = whole && strchr (".eE", *at) == NULL;
  digits = g_strndup (start, (gsize) (at - start));
  return !whole || g_ascii_string_to_signed (digits, 10, G_MININT64, G_MAXINT64, NULL, NULL) ? at : NULL;
}

/* How deep brackets go at most; -1 where something is not JSON. */
static int
measure_depth (const char *text, gsize size)
{
  const char *end = text + size;
  int depth = 0, deepest = 0;
  gboolean in_string = FALSE;

  for (const char *at = text; at < end; at++)
    if (in_string)
      {
        if (*at == '\\')
          at++;
        else
          in_string = *at != '"';
      }
    else if (*at == '"')
      in_string = TRUE;
    else if (*at == '[' || *at == '{')
      {
        depth++;
        deepest = MAX (deepest, depth);
      }
    else if (*at == ']' || *at == '}')
      depth--;
    else if (*at == '-' || g_ascii_isdigit (*at))
      {
        at = skip_number (at, end);
        if (at == NULL)
          return -1;
        at--;
      }
    else if (!is_plain (*at))
      return -1;
  return deepest;
}

/**
 * tithe_json_parse:
 * @text: (array length=size): UTF-8; a zero need not be at its end
 *
 * Never takes more stack than TITHE_JSON_MAX_DEPTH brackets need, whatever the text is. O(size).
 *
 * Returns: (transfer full): a node that holds an object, or %NULL with a %TITHE_JSON_ERROR whose message says what is wrong
 *   with the text, to be put behind the name of its file
 */
JsonNode *
tithe_json_parse (const char *text, gsize size, GError **error)
{
  /* Not an immutable one: json-glib 1.10 ends the program when asked for the root of a text that has none. */
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonNode) root = NULL;
  int depth = -1;

  if (size > TITHE_JSON_MAX_SIZE)
    {
      g_set_error (error, TITHE_JSON_ERROR, TITHE_JSON_ERROR_LIMIT, _("it has more than %zu MB of JSON"),
                   TITHE_JSON_MAX_SIZE >> 20);
      return NULL;
    }
  if (size > 0 && g_utf8_validate_len (text, size, NULL))
    depth = measure_depth (text, size);
  if (depth > TITHE_JSON_MAX_DEPTH)
    {
      g_set_error (error, TITHE_JSON_ERROR, TITHE_JSON_ERROR_LIMIT,
                   _("it has %d brackets in each other, where %d are enough"), depth, TITHE_JSON_MAX_DEPTH);
      return NULL;
    }
  if (depth >= 0 && json_parser_load_from_data (parser, text, (gssize) size, NULL))
    root = json_parser_steal_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, TITHE_JSON_ERROR, TITHE_JSON_ERROR_SYNTAX, _("it is not a JSON object"));
      return NULL;
    }
  return g_steal_pointer (&root);
}

static JsonNode *
get_member (JsonObject *object, const char *name)
{
  return object ? json_object_get_member (object, name) : NULL;
}

static JsonNode *
get_item (JsonArray *array, guint index)
{
  return array && index < json_array_get_length (array) ? json_array_get_element (array, index) : NULL;
}

static gboolean
has_type (JsonNode *node, GType type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static JsonObject *
node_object (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
node_string (JsonNode *node)
{
  return has_type (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;
}

static gint64
node_int (JsonNode *node, gint64 min, gint64 max, gint64 otherwise)
{
  const gint64 value = has_type (node, G_TYPE_INT64) ? json_node_get_int (node) : otherwise;

  return value >= min && value <= max ? value : otherwise;
}

static double
node_double (JsonNode *node, double otherwise)
{
  if (has_type (node, G_TYPE_INT64))
    return (double) json_node_get_int (node);
  return has_type (node, G_TYPE_DOUBLE) && isfinite (json_node_get_double (node)) ? json_node_get_double (node)
                                                                                  : otherwise;
}

/* tithe_json_get_object: (transfer none) (nullable): a member that is an object */
JsonObject *
tithe_json_get_object (JsonObject *object, const char *name)
{
  return node_object (get_member (object, name));
}

/* tithe_json_get_array: (transfer none) (nullable): a member that is an array */
JsonArray *
tithe_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name);

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* tithe_json_get_string: (transfer none) (nullable): a member that is a string */
const char *
tithe_json_get_string (JsonObject *object, const char *name)
{
  return node_string (get_member (object, name));
}

/**
 * tithe_json_get_int:
 * @otherwise: where there is no such member, or none that is a whole number from @min to @max
 */
gint64
tithe_json_get_int (JsonObject *object, const char *name, gint64 min, gint64 max, gint64 otherwise)
{
  return node_int (get_member (object, name), min, max, otherwise);
}

/**
 * tithe_json_get_double:
 * @otherwise: where there is no such member, or none that is a finite number
 */
double
tithe_json_get_double (JsonObject *object, const char *name, double otherwise)
{
  return node_double (get_member (object, name), otherwise);
}

/* tithe_json_get_boolean: whether there is a member that is true */
gboolean
tithe_json_get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name);

  return has_type (node, G_TYPE_BOOLEAN) && json_node_get_boolean (node);
}

/* tithe_json_item_string: (transfer none) (nullable): an element that is a string; %NULL for an index past the end, too */
const char *
tithe_json_item_string (JsonArray *array, guint index)
{
  return node_string (get_item (array, index));
}

/* tithe_json_item_int: as tithe_json_get_int(), of an element */
gint64
tithe_json_item_int (JsonArray *array, guint index, gint64 min, gint64 max, gint64 otherwise)
{
  return node_int (get_item (array, index), min, max, otherwise);
}

/* tithe_json_item_double: as tithe_json_get_double(), of an element */
double
tithe_json_item_double (JsonArray *array, guint index, double otherwise)
{
  return node_double (get_item (array, index), otherwise);
}

/* --- writing --- */

/* tithe_json_begin: (transfer full) a builder in the object that tithe_json_end() ends */
JsonBuilder *
tithe_json_begin (void)
{
  return json_builder_begin_object (json_builder_new ());
}

/* tithe_json_add_string: @value is UTF-8, or %NULL for null */
void
tithe_json_add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_valid (JsonBuilder *builder, const char *bytes)
{
  g_autofree char *valid = g_utf8_make_valid (bytes, -1);

  json_builder_add_string_value (builder, valid);
}

/**
 * tithe_json_add_text:
 * @bytes: (nullable): what need not be UTF-8, such as a path: what is not is replaced, and cannot be told any more;
 *   %NULL for an empty text
 */
void
tithe_json_add_text (JsonBuilder *builder, const char *name, const char *bytes)
{
  json_builder_set_member_name (builder, name);
  add_valid (builder, bytes ? bytes : "");
}

/* tithe_json_add_texts: @texts are for people, as tithe_json_add_text() takes them; %NULL for none */
void
tithe_json_add_texts (JsonBuilder *builder, const char *name, GPtrArray *texts)
{
  tithe_json_begin_array (builder, name);
  for (guint i = 0; texts != NULL && i < texts->len; i++)
    add_valid (builder, g_ptr_array_index (texts, i));
  json_builder_end_array (builder);
}

/* tithe_json_add_int: a whole number */
void
tithe_json_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* tithe_json_add_double: a finite number, written so that the same is read back */
void
tithe_json_add_double (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

/* tithe_json_add_boolean: true or false */
void
tithe_json_add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value != FALSE);
}

/* tithe_json_begin_object: a member that lasts until json_builder_end_object() */
void
tithe_json_begin_object (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

/* tithe_json_begin_array: a member that lasts until json_builder_end_array() */
void
tithe_json_begin_array (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
}

/**
 * tithe_json_end:
 * @builder: in its outermost object, which this ends
 * @pretty: whether it is for people, too: with lines and indents
 *
 * Returns: (transfer full): the text
 */
char *
tithe_json_end (JsonBuilder *builder, gboolean pretty)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, pretty);
}
