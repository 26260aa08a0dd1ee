/* SPDX-License-Identifier: MIT */
#include "tithe-ratio.h"

#include <langinfo.h>
#include <math.h>
#include <string.h>

/* More digits than a double has, and the places before them. */
#define MAX_NUMBER 64

/* The fewest digits that @number is read back from, as “8.5e+01” is written. */
static void
write_digits (double number, char *text, gsize size)
{
  char format[8];

  for (int digits = 0; digits < 17; digits++)
    {
      g_snprintf (format, sizeof format, "%%.%de", digits);
      if (g_ascii_strtod (g_ascii_formatd (text, (int) size, format, number), NULL) == number)
        return;
    }
}

/**
 * tithe_ratio_to_string:
 *
 * Returns: (transfer full): the shortest text, with a decimal point, that the very same number is read back from: “0.9”,
 *   “0.3333333”
 */
char *
tithe_ratio_to_string (double ratio)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];

  for (int digits = 1; digits <= 17; digits++)
    {
      g_snprintf (format, sizeof format, "%%.%dg", digits);
      if (g_ascii_strtod (g_ascii_formatd (text, sizeof text, format, ratio), NULL) == ratio)
        break;
    }
  return g_strdup (text);
}

/**
 * tithe_ratio_to_percent:
 * @ratio: above 0
 *
 * Returns: (transfer full): digits that tithe_ratio_parse_percent() makes the very same number of, with the decimal sign of
 *   the language, and with the sign of percent only below 1: “90”, “33.33333”, “0.5%”
 */
char *
tithe_ratio_to_percent (double ratio)
{
  char text[MAX_NUMBER], *exponent;
  GString *digits = g_string_new (NULL);
  int point;

  write_digits (ratio, text, sizeof text);
  exponent = strchr (text, 'e');
  if (exponent == NULL)
    return g_string_free (g_string_append (digits, text), FALSE);
  /* Digits before the point, once it is moved by two. */
  point = (int) g_ascii_strtoll (exponent + 1, NULL, 10) + 1 + 2;
  for (const char *c = text; c < exponent; c++)
    if (g_ascii_isdigit (*c))
      g_string_append_c (digits, *c);
  for (; point <= 0; point++)
    g_string_prepend_c (digits, '0');
  while ((int) digits->len < point)
    g_string_append_c (digits, '0');
  if ((int) digits->len > point)
    g_string_insert (digits, point, nl_langinfo (RADIXCHAR));
  if (ratio < 0.01)
    g_string_append_c (digits, '%');
  return g_string_free (digits, FALSE);
}

/* Digits with one point at most, and an exponent behind them: percent are read as “90e-2”, which rounds once. */
static gboolean
parse (const char *text, gsize length, const char *exponent, double *ratio)
{
  char number[MAX_NUMBER + 8], *end;

  if (length == 0 || length > MAX_NUMBER || (text[0] != '.' && !g_ascii_isdigit (text[0])))
    return FALSE;
  memcpy (number, text, length);
  number[length] = '\0';
  if (number[strspn (number, *exponent ? ".0123456789" : "+-.0123456789eE")] != '\0')
    return FALSE;
  g_strlcat (number, exponent, sizeof number);
  *ratio = g_ascii_strtod (number, &end);
  return *end == '\0' && isfinite (*ratio);
}

/* Bytes of the text before a sign of percent and the space before that; all of them where there is none. */
static gsize
find_percent (const char *text, gboolean *percent)
{
  const char *end = text + strlen (text);

  *percent = end > text && end[-1] == '%';
  if (!*percent)
    return (gsize) (end - text);
  end--;
  for (const char *last; (last = g_utf8_find_prev_char (text, end)) != NULL
                         && g_unichar_isspace (g_utf8_get_char_validated (last, end - last));)
    end = last;
  return (gsize) (end - text);
}

/**
 * tithe_ratio_parse:
 * @text: such as “0.9” or “90%”, with a point whatever the language
 * @ratio: (out): not to be used where there is none
 *
 * Returns: whether the text is a number, of whatever size, and nothing else
 */
gboolean
tithe_ratio_parse (const char *text, double *ratio)
{
  gboolean percent;
  gsize length = find_percent (text, &percent);

  return parse (text, length, percent ? "e-2" : "", ratio);
}

/**
 * tithe_ratio_parse_percent:
 * @text: such as “90” or “90 %”, with the decimal sign of the language or a point
 * @ratio: (out): not to be used where there is none
 *
 * What a person writes where percent are asked for. “0.9” alone is none, for who writes that means 90, most likely; who
 * means less than one percent can say so, “0.9 %”.
 *
 * Returns: whether it is
 */
gboolean
tithe_ratio_parse_percent (const char *text, double *ratio)
{
  const char *radix = nl_langinfo (RADIXCHAR);
  g_autofree char *plain = g_strdup (text);
  gboolean percent;
  gsize length;
  char *sign;

  if (*radix != '\0' && radix[1] == '\0' && (sign = strchr (plain, *radix)) != NULL)
    *sign = '.';
  length = find_percent (plain, &percent);
  return parse (plain, length, "e-2", ratio) && (percent || *ratio >= 0.01);
}
