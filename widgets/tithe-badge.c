/* SPDX-License-Identifier: MIT */
#include "tithe-badge.h"

#include <math.h>

const GdkRGBA tithe_badge_red = { 0.75f, 0.11f, 0.16f, 1.0f };
static const GdkRGBA white = { 1.0f, 1.0f, 1.0f, 1.0f };

/**
 * tithe_badge_choose:
 * @reversed: whether what is discarded is marked, and not what is kept
 *
 * Returns: what says of an image whether it is kept and whether somebody decided so
 */
TitheBadge
tithe_badge_choose (const TitheMember *member, gboolean reversed)
{
  switch (member->decision)
    {
    case TITHE_DECISION_KEEP:
      return TITHE_BADGE_PLUS;
    case TITHE_DECISION_REPRESENTATIVE:
      return TITHE_BADGE_STAR;
    case TITHE_DECISION_DISCARD:
      return TITHE_BADGE_CROSS;
    case TITHE_DECISION_AUTOMATIC:
    default:
      if (reversed)
        return member->kept ? TITHE_BADGE_NONE : TITHE_BADGE_MINUS;
      return member->kept ? TITHE_BADGE_CHECK : TITHE_BADGE_NONE;
    }
}

static void
draw_star (cairo_t *cr)
{
  for (guint i = 0; i < 10; i++)
    {
      double angle = G_PI * (i / 5.0 - 0.5), radius = i % 2 == 0 ? 5.4 : 2.3;

      cairo_line_to (cr, radius * cos (angle), radius * sin (angle));
    }
  cairo_close_path (cr);
  cairo_fill (cr);
}

/**
 * tithe_badge_draw:
 * @self: one that there is
 * @frame: the colour of what is kept
 *
 * A sign on a coloured disc with a white ring, %TITHE_BADGE_SIZE wide and high around the origin.
 */
void
tithe_badge_draw (TitheBadge self, cairo_t *cr, const GdkRGBA *frame)
{
  cairo_arc (cr, 0, 0, TITHE_BADGE_SIZE / 2.0 - 0.5, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &white);
  cairo_fill (cr);
  cairo_arc (cr, 0, 0, TITHE_BADGE_SIZE / 2.0 - 2.0, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, self == TITHE_BADGE_CROSS || self == TITHE_BADGE_MINUS ? &tithe_badge_red : frame);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &white);
  cairo_set_line_width (cr, 2.0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if (self == TITHE_BADGE_CHECK)
    {
      cairo_move_to (cr, -3.6, 0.2);
      cairo_line_to (cr, -1.0, 2.8);
      cairo_line_to (cr, 3.8, -2.6);
    }
  else if (self == TITHE_BADGE_PLUS)
    {
      cairo_move_to (cr, -3.8, 0);
      cairo_line_to (cr, 3.8, 0);
      cairo_move_to (cr, 0, -3.8);
      cairo_line_to (cr, 0, 3.8);
    }
  else if (self == TITHE_BADGE_MINUS)
    {
      cairo_move_to (cr, -3.8, 0);
      cairo_line_to (cr, 3.8, 0);
    }
  else if (self == TITHE_BADGE_CROSS)
    {
      cairo_move_to (cr, -2.8, -2.8);
      cairo_line_to (cr, 2.8, 2.8);
      cairo_move_to (cr, 2.8, -2.8);
      cairo_line_to (cr, -2.8, 2.8);
    }
  else
    draw_star (cr);
  cairo_stroke (cr);
}
