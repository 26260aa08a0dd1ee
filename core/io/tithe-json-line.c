/* SPDX-License-Identifier: MIT */
#include "tithe-json-line.h"
#include "tithe-json.h"

#include <string.h>

/* More digits might not fit into 64 bits. */
#define MAX_DIGITS 18

typedef struct
{
  char *begin, *end;
  gboolean is_string;
} Token;

static char *
skip_spaces (char *at, const char *end)
{
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
    at++;
  return at;
}

static gboolean
read_string (char **at, const char *end, Token *token)
{
  char *in = *at + 1;

  token->is_string = TRUE;
  token->begin = in;
  while (in < end && *in != '"' && *in != '\\' && (guchar) *in >= ' ')
    in++;
  token->end = in;
  *at = in + 1;
  return in < end && *in == '"';
}

/* As printf() would write it, so that its digits are its text. */
static gboolean
read_number (char **at, const char *end, Token *token)
{
  const gboolean is_negative = **at == '-';
  char *in = *at + is_negative;
  char *digits = in;

  token->is_string = FALSE;
  token->begin = *at;
  while (in < end && g_ascii_isdigit (*in))
    in++;
  token->end = *at = in;
  return in > digits && in - digits <= MAX_DIGITS && (*digits != '0' || (in == digits + 1 && !is_negative));
}

static gboolean
read_value (char **at, const char *end, Token *token)
{
  if (*at >= end)
    return FALSE;
  return **at == '"' ? read_string (at, end, token) : read_number (at, end, token);
}

/* A key with its colon and its value, and spaces after each. */
static gboolean
read_member (char **at, const char *end, Token *key, Token *value)
{
  if (*at >= end || **at != '"' || !read_string (at, end, key) || key->begin == key->end)
    return FALSE;
  *at = skip_spaces (*at, end);
  if (*at >= end || **at != ':')
    return FALSE;
  *at = skip_spaces (*at + 1, end);
  if (!read_value (at, end, value))
    return FALSE;
  *at = skip_spaces (*at, end);
  return TRUE;
}

static gboolean
is_key (const Token *token, const char *key)
{
  const gsize length = strlen (key);

  return (gsize) (token->end - token->begin) == length && memcmp (token->begin, key, length) == 0;
}

/* FALSE where a member stands twice. */
static gboolean
keep (const Token *key, const Token *value, const char *const *keys, guint n_keys, Token *found)
{
  for (guint k = 0; k < n_keys; k++)
    if (is_key (key, keys[k]))
      {
        if (found[k].begin != NULL)
          return FALSE;
        found[k] = *value;
      }
  return TRUE;
}

static gboolean
read_object (char *at, const char *end, const char *const *keys, guint n_keys, Token *found)
{
  at = skip_spaces (at, end);
  if (at >= end || *at != '{')
    return FALSE;
  do
    {
      Token key, value;

      at = skip_spaces (at + 1, end);
      if (!read_member (&at, end, &key, &value) || !keep (&key, &value, keys, n_keys, found) || at >= end)
        return FALSE;
    }
  while (*at == ',');
  return *at == '}' && skip_spaces (at + 1, end) == end;
}

/**
 * tithe_json_line_read:
 * @text: (array length=size): UTF-8, which is changed only where it is read
 * @keys: (array length=n_keys): members that are wanted, eight at most
 * @n_needed: how many of the first ones must be there
 * @fields: (out caller-allocates) (array length=n_keys): what they are; points into @text
 *
 * Nearly every line of a large file of JSON lines is an object of plain strings and whole numbers; a tree of each would be
 * most of the time. This reads such a line in place, as tithe_json_parse() would understand it.
 *
 * Returns: %FALSE for anything else, JSON or not: that is for tithe_json_parse()
 */
gboolean
tithe_json_line_read (char *text, gsize size, const char *const *keys, guint n_keys, guint n_needed,
                      TitheJsonField *fields)
{
  Token found[8] = { 0 };

  g_return_val_if_fail (n_needed <= n_keys && n_keys <= G_N_ELEMENTS (found), FALSE);

  if (size > TITHE_JSON_MAX_SIZE || !read_object (text, text + size, keys, n_keys, found))
    return FALSE;
  for (guint k = 0; k < n_needed; k++)
    if (found[k].begin == NULL)
      return FALSE;
  for (guint k = 0; k < n_keys; k++)
    {
      fields[k] = (TitheJsonField){ found[k].begin, found[k].is_string };
      if (found[k].begin != NULL)
        *found[k].end = '\0';
    }
  return TRUE;
}
