/* SPDX-License-Identifier: MIT */
#include "tithe-aside-layout.h"

/* Pixels from which on the two are side by side, and what the first has of them. */
#define BESIDE 840
#define FIRST 0.48
/* What the second has of the height where it is above. */
#define ABOVE 0.4

struct _TitheAsideLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_TYPE (TitheAsideLayout, tithe_aside_layout, GTK_TYPE_LAYOUT_MANAGER)

static void
measure_child (GtkWidget *child, GtkOrientation orientation, int *minimum, int *natural)
{
  int for_size = -1;

  /* What is as high as its width makes it is asked at the least width, which serves any. */
  if (orientation == GTK_ORIENTATION_VERTICAL)
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &for_size, NULL, NULL, NULL);
  gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
}

static void
tithe_aside_layout_measure (GtkLayoutManager *layout, GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  GtkWidget *first = gtk_widget_get_first_child (widget), *second = gtk_widget_get_last_child (widget);
  int first_minimum, first_natural, second_minimum, second_natural;

  measure_child (first, orientation, &first_minimum, &first_natural);
  measure_child (second, orientation, &second_minimum, &second_natural);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MAX (first_minimum, second_minimum)
                                                       : first_minimum + second_minimum;
  *natural = first_natural + second_natural;
}

static void
tithe_aside_layout_allocate (GtkLayoutManager *layout, GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *first = gtk_widget_get_first_child (widget), *second = gtk_widget_get_last_child (widget);
  GtkAllocation of_first = { 0, 0, width, height }, of_second = of_first;
  int first_minimum, second_minimum;

  measure_child (first, width >= BESIDE ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, &first_minimum, NULL);
  measure_child (second, width >= BESIDE ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, &second_minimum,
                 NULL);
  if (width >= BESIDE)
    {
      of_first.width = MAX ((int) (width * FIRST), first_minimum);
      of_second.width = width - of_first.width;
      if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
        of_first.x = of_second.width;
      else
        of_second.x = of_first.width;
    }
  else
    {
      of_second.height = CLAMP ((int) (height * ABOVE), second_minimum, MAX (second_minimum, height - first_minimum));
      of_first.y = of_second.height;
      of_first.height = height - of_second.height;
    }
  gtk_widget_size_allocate (first, &of_first, -1);
  gtk_widget_size_allocate (second, &of_second, -1);
}

static void
tithe_aside_layout_class_init (TitheAsideLayoutClass *klass)
{
  GTK_LAYOUT_MANAGER_CLASS (klass)->measure = tithe_aside_layout_measure;
  GTK_LAYOUT_MANAGER_CLASS (klass)->allocate = tithe_aside_layout_allocate;
}

static void
tithe_aside_layout_init (TitheAsideLayout *self)
{
}
