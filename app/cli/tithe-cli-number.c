/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"
#include "base/tithe-ratio.h"

#include <math.h>
#include <string.h>

TitheCliNumber tithe_cli_threads = { .max = 4096 };
TitheCliNumber tithe_cli_seed = { .max = G_MAXUINT32, .value = 1 };

/* Digits, a point and an exponent, and nothing else: no space, no infinity, and a point whatever the language. */
static gboolean
parse_real (const char *text, double *value)
{
  char *end;

  if (*text == '\0' || text[strspn (text, "+-.0123456789eE")] != '\0')
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && isfinite (*value);
}

static gboolean
parse_whole (const char *text, double *value)
{
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return FALSE;
  *value = (double) number;
  return TRUE;
}

static gboolean
parse_size (const char *text, double *value)
{
  const char *units = "KMGT", *unit;
  gsize length = strspn (text, ".0123456789");
  g_autofree char *digits = g_strndup (text, length);

  text += length;
  if (!parse_real (digits, value))
    return FALSE;
  unit = *text ? strchr (units, g_ascii_toupper (*text)) : NULL;
  if (unit != NULL)
    {
      *value *= pow (1024, (double) (unit - units + 1));
      text++;
    }
  return *text == '\0' || g_ascii_strcasecmp (text, "B") == 0 || (unit != NULL && g_ascii_strcasecmp (text, "iB") == 0);
}

static gboolean
refuse (const TitheCliNumber *self, const char *name, const char *text, GError **error)
{
  if (self->kind == TITHE_CLI_SIZE)
    g_set_error (error, TITHE_CLI_USAGE, 0, _("--%s takes a size such as 800M or 4G, not “%s”"), name, text);
  else if (self->kind == TITHE_CLI_RATIO)
    g_set_error (error, TITHE_CLI_USAGE, 0, _("--%s takes a ratio between %g and %g, such as 0.9 or 90%%, not “%s”"),
                 name, self->min, self->max, text);
  else if (self->kind == TITHE_CLI_WHOLE)
    g_set_error (error, TITHE_CLI_USAGE, 0, _("--%s takes a whole number from %.0f to %.0f, not “%s”"), name,
                 self->min, self->max, text);
  else if (self->above)
    g_set_error (error, TITHE_CLI_USAGE, 0, _("--%s takes a number above %g and up to %g, not “%s”"), name, self->min,
                 self->max, text);
  else
    g_set_error (error, TITHE_CLI_USAGE, 0, _("--%s takes a number from %g to %g, not “%s”"), name, self->min,
                 self->max, text);
  return FALSE;
}

/**
 * tithe_cli_number_parse:
 * @name: the option's long name
 *
 * Takes the value from the text, which must be a number in the range and nothing else.
 *
 * Returns: %FALSE with %TITHE_CLI_USAGE
 */
gboolean
tithe_cli_number_parse (TitheCliNumber *self, const char *name, const char *text, GError **error)
{
  double value = NAN;
  gboolean ok = self->kind == TITHE_CLI_WHOLE   ? parse_whole (text, &value)
                : self->kind == TITHE_CLI_SIZE  ? parse_size (text, &value)
                : self->kind == TITHE_CLI_RATIO ? tithe_ratio_parse (text, &value)
                                                : parse_real (text, &value);

  if (!ok || !(value >= self->min && value <= self->max) || (self->above && value <= self->min))
    return refuse (self, name, text, error);
  self->value = value;
  self->given = TRUE;
  return TRUE;
}
