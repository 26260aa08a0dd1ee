/* SPDX-License-Identifier: MIT */
#include "tithe-fold-bin.h"

struct _TitheFoldBin
{
  GtkWidget parent_instance;

  GtkWidget *child;      /* (nullable) */
  TitheFoldBinNeed need; /* (nullable) */
  int least;
  gboolean narrow;
  int wide_minimum, wide_natural; /* of the child when it was wide last */
  gboolean wanted;                /* narrow, in the next frame */
  guint tick;
};

enum
{
  PROP_CHILD = 1,
  PROP_LEAST,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void add_buildable (GtkBuildableIface *iface);

G_DEFINE_TYPE_WITH_CODE (TitheFoldBin, tithe_fold_bin, GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, add_buildable))

static GtkBuildableIface *parent_buildable;

static void
tithe_fold_bin_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    tithe_fold_bin_set_child (TITHE_FOLD_BIN (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
add_buildable (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = tithe_fold_bin_add_child;
}

/* --- the two forms --- */

static gboolean
follow (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  TitheFoldBin *self = TITHE_FOLD_BIN (widget);

  self->tick = 0;
  if (self->wanted != self->narrow)
    {
      self->narrow = self->wanted;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
      gtk_widget_queue_resize (widget);
    }
  return G_SOURCE_REMOVE;
}

/* Before the next frame is laid out: while this one is, no widget may come or go. */
static void
want (TitheFoldBin *self, gboolean narrow)
{
  self->wanted = narrow;
  if (narrow != self->narrow && self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), follow, NULL, NULL);
}

static int
get_minimum (TitheFoldBin *self)
{
  int minimum, natural;

  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  if (!self->narrow)
    {
      self->wide_minimum = minimum;
      self->wide_natural = natural;
    }
  if (self->need != NULL)
    self->wide_minimum = self->need (self->child, FALSE);
  return minimum;
}

static GtkSizeRequestMode
tithe_fold_bin_get_request_mode (GtkWidget *widget)
{
  TitheFoldBin *self = TITHE_FOLD_BIN (widget);

  return self->child ? gtk_widget_get_request_mode (self->child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
tithe_fold_bin_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  TitheFoldBin *self = TITHE_FOLD_BIN (widget);
  int child_minimum;

  *minimum = *natural = 0;
  if (self->child == NULL || !gtk_widget_should_layout (self->child))
    {
      /* What is wholly given up comes back where there is room for it. */
      if (orientation == GTK_ORIENTATION_HORIZONTAL && self->child != NULL && self->narrow)
        *natural = self->wide_natural;
      return;
    }
  child_minimum = get_minimum (self);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    gtk_widget_measure (self->child, orientation, for_size < 0 ? for_size : MAX (for_size, child_minimum), minimum,
                        natural, NULL, NULL);
  else
    {
      gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
      if (!self->narrow)
        *minimum = MIN (child_minimum, self->least);
      else
        *minimum = self->need ? self->need (self->child, TRUE) : child_minimum;
      *natural = MAX (*natural, self->narrow ? self->wide_natural : 0);
    }
}

static void
tithe_fold_bin_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TitheFoldBin *self = TITHE_FOLD_BIN (widget);
  const gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GskTransform *move = NULL;
  int minimum, child_height;

  if (self->child == NULL)
    return;
  if (!gtk_widget_should_layout (self->child))
    {
      want (self, self->narrow && width < self->wide_minimum);
      return;
    }
  minimum = get_minimum (self);
  want (self, width < self->wide_minimum);
  /* For a frame the wide form may stand where it does not fit. */
  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, MAX (width, minimum), &child_height, NULL, NULL, NULL);
  if (rtl && minimum > width)
    move = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((float) (width - minimum), 0));
  gtk_widget_allocate (self->child, MAX (width, minimum), MAX (height, child_height), baseline, move);
}

/* --- the widget --- */

static void
tithe_fold_bin_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TitheFoldBin *self = TITHE_FOLD_BIN (object);

  switch (id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case PROP_LEAST:
      g_value_set_int (value, self->least);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
tithe_fold_bin_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TitheFoldBin *self = TITHE_FOLD_BIN (object);

  switch (id)
    {
    case PROP_CHILD:
      tithe_fold_bin_set_child (self, g_value_get_object (value));
      break;
    case PROP_LEAST:
      self->least = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
tithe_fold_bin_dispose (GObject *object)
{
  TitheFoldBin *self = TITHE_FOLD_BIN (object);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_clear_pointer (&self->child, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_fold_bin_parent_class)->dispose (object);
}

static void
tithe_fold_bin_class_init (TitheFoldBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tithe_fold_bin_get_property;
  object_class->set_property = tithe_fold_bin_set_property;
  object_class->dispose = tithe_fold_bin_dispose;
  widget_class->get_request_mode = tithe_fold_bin_get_request_mode;
  widget_class->measure = tithe_fold_bin_measure;
  widget_class->size_allocate = tithe_fold_bin_size_allocate;
  props[PROP_CHILD]
      = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_LEAST]
      = g_param_spec_int ("least", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
tithe_fold_bin_init (TitheFoldBin *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/* tithe_fold_bin_new: (transfer floating): without a child, wide. */
GtkWidget *
tithe_fold_bin_new (void)
{
  return g_object_new (TITHE_TYPE_FOLD_BIN, NULL);
}

/**
 * tithe_fold_bin_set_child:
 * @child: (nullable) (transfer floating): in its wide form, unless the bin is narrow
 */
void
tithe_fold_bin_set_child (TitheFoldBin *self, GtkWidget *child)
{
  g_return_if_fail (TITHE_IS_FOLD_BIN (self));
  g_return_if_fail (child == NULL || gtk_widget_get_parent (child) == NULL);

  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CHILD]);
}

/* tithe_fold_bin_set_need: asks @need from now on, in either form, what is room enough for each. */
void
tithe_fold_bin_set_need (TitheFoldBin *self, TitheFoldBinNeed need)
{
  g_return_if_fail (TITHE_IS_FOLD_BIN (self));

  self->need = need;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* tithe_fold_bin_get_narrow: whether the child is to have its narrow form. */
gboolean
tithe_fold_bin_get_narrow (TitheFoldBin *self)
{
  g_return_val_if_fail (TITHE_IS_FOLD_BIN (self), FALSE);
  return self->narrow;
}

/**
 * tithe_fold_bin_move:
 * @widget: in a box
 * @to: another box
 *
 * For forms in which a widget stands elsewhere: from its box to the end of another, with all that is chosen in it.
 */
void
tithe_fold_bin_move (GtkWidget *widget, GtkBox *to)
{
  GtkWidget *from = gtk_widget_get_parent (widget);

  g_return_if_fail (GTK_IS_BOX (from) && GTK_IS_BOX (to));

  g_object_ref (widget);
  gtk_box_remove (GTK_BOX (from), widget);
  gtk_box_append (to, widget);
  g_object_unref (widget);
}
