/* SPDX-License-Identifier: MIT */
#include "tithe-scale-place.h"

static GtkWidget *
find_child (GtkWidget *parent, const char *css_name)
{
  GtkWidget *child = gtk_widget_get_first_child (parent);

  while (child != NULL && !g_str_equal (gtk_widget_get_css_name (child), css_name))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/**
 * tithe_scale_place:
 * @scale: a horizontal GtkScale
 * @in: whose coordinates are wanted
 * @fraction: of the slider's way, from its lowest value on
 *
 * Where the middle of the slider stands. GtkRange tells it for the present value only, and relative to a part of itself; so
 * its parts are asked.
 *
 * Returns: x; 0 while there is no place yet
 */
double
tithe_scale_place (GtkWidget *scale, GtkWidget *in, double fraction)
{
  GtkWidget *trough = find_child (scale, "trough");
  GtkWidget *slider = trough ? find_child (trough, "slider") : NULL;
  graphene_rect_t bounds;
  int width;

  if (slider == NULL || !gtk_widget_compute_bounds (trough, in, &bounds))
    return 0;
  gtk_widget_measure (slider, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  if (gtk_widget_get_direction (scale) == GTK_TEXT_DIR_RTL)
    fraction = 1 - fraction;
  return (double) bounds.origin.x + width / 2.0 + fraction * ((double) bounds.size.width - width);
}
