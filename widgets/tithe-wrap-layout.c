/* SPDX-License-Identifier: MIT */
#include "tithe-wrap-layout.h"

struct _TitheWrapLayout
{
  GtkLayoutManager parent_instance;

  int spacing, line_spacing; /* the latter -1 for the former */
};

enum
{
  PROP_SPACING = 1,
  PROP_LINE_SPACING,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_TYPE (TitheWrapLayout, tithe_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Children of a line, from the first to before the last, and what they take. */
typedef struct
{
  GtkWidget *begin, *end; /* end is NULL for the last line */
  int width, height;      /* natural */
  int n_expanding;
} Line;

static int
get_line_spacing (TitheWrapLayout *self)
{
  return self->line_spacing < 0 ? self->spacing : self->line_spacing;
}

static GtkWidget *
skip_hidden (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/* At its natural width, or that of the line where it is wider. */
static int
measure_width (GtkWidget *child, int for_width)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return for_width < 0 ? natural : CLAMP (natural, minimum, MAX (minimum, for_width));
}

/* The line that begins with a child; -1 is all the width that there may be. */
static Line
find_line (TitheWrapLayout *self, GtkWidget *child, int for_width)
{
  Line line = { .begin = child };

  for (; child != NULL; child = skip_hidden (gtk_widget_get_next_sibling (child)))
    {
      int width = measure_width (child, for_width), more = width + (child != line.begin ? self->spacing : 0), height;

      if (for_width >= 0 && child != line.begin && line.width + more > for_width)
        break;
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
      line.width += more;
      line.height = MAX (line.height, height);
      line.n_expanding += gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL);
    }
  line.end = child;
  return line;
}

static GtkSizeRequestMode
tithe_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
tithe_wrap_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  TitheWrapLayout *self = TITHE_WRAP_LAYOUT (manager);
  GtkWidget *first = skip_hidden (gtk_widget_get_first_child (widget));

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      for (GtkWidget *child = first; child != NULL; child = skip_hidden (gtk_widget_get_next_sibling (child)))
        *minimum = MAX (*minimum, measure_width (child, 0));
      *natural = find_line (self, first, -1).width;
      return;
    }
  for (GtkWidget *child = first; child != NULL;)
    {
      Line line = find_line (self, child, for_size);

      *natural += line.height + (child != first ? get_line_spacing (self) : 0);
      child = line.end;
    }
  *minimum = *natural;
}

static void
tithe_wrap_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  TitheWrapLayout *self = TITHE_WRAP_LAYOUT (manager);
  const gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int y = 0;

  for (GtkWidget *child = skip_hidden (gtk_widget_get_first_child (widget)); child != NULL;)
    {
      Line line = find_line (self, child, width);
      int x = 0, left = MAX (0, width - line.width), n_expanding = line.n_expanding;

      for (; child != line.end; child = skip_hidden (gtk_widget_get_next_sibling (child)))
        {
          GtkAllocation box = { x, y, measure_width (child, width), line.height };

          if (gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL))
            {
              int share = left / n_expanding--;

              left -= share;
              box.width += share;
            }
          x += box.width + self->spacing;
          if (rtl)
            box.x = width - box.x - box.width;
          gtk_widget_size_allocate (child, &box, -1);
        }
      y += line.height + get_line_spacing (self);
    }
}

static void
tithe_wrap_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TitheWrapLayout *self = TITHE_WRAP_LAYOUT (object);

  g_value_set_int (value, id == PROP_SPACING ? self->spacing : self->line_spacing);
}

static void
tithe_wrap_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TitheWrapLayout *self = TITHE_WRAP_LAYOUT (object);

  *(id == PROP_SPACING ? &self->spacing : &self->line_spacing) = g_value_get_int (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
tithe_wrap_layout_class_init (TitheWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = tithe_wrap_layout_get_property;
  G_OBJECT_CLASS (klass)->set_property = tithe_wrap_layout_set_property;
  manager_class->get_request_mode = tithe_wrap_layout_get_request_mode;
  manager_class->measure = tithe_wrap_layout_measure;
  manager_class->allocate = tithe_wrap_layout_allocate;
  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READWRITE);
  properties[PROP_LINE_SPACING] = g_param_spec_int ("line-spacing", NULL, NULL, -1, G_MAXINT, -1, G_PARAM_READWRITE);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
}

static void
tithe_wrap_layout_init (TitheWrapLayout *self)
{
  self->line_spacing = -1;
}
