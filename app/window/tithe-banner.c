/* SPDX-License-Identifier: MIT */
#include "tithe-banner.h"

struct _TitheBanner
{
  AdwBin parent_instance;

  GtkWidget *button;
  char *title, *icon_name, *button_label, *action_name;
  gboolean dismissable, revealed;
};

enum
{
  PROP_TITLE = 1,
  PROP_ICON_NAME,
  PROP_BUTTON_LABEL,
  PROP_ACTION_NAME,
  PROP_DISMISSABLE,
  PROP_REVEALED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE (TitheBanner, tithe_banner, ADW_TYPE_BIN)

static void
set_text (TitheBanner *self, char **place, const char *text, guint id)
{
  if (g_strcmp0 (*place, text) == 0)
    return;
  g_free (*place);
  *place = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), props[id]);
}

/* tithe_banner_set_title: what it says, plain text. */
void
tithe_banner_set_title (TitheBanner *self, const char *title)
{
  g_return_if_fail (TITHE_IS_BANNER (self));
  set_text (self, &self->title, title, PROP_TITLE);
}

/* tithe_banner_set_revealed: whether it is shown. */
void
tithe_banner_set_revealed (TitheBanner *self, gboolean revealed)
{
  g_return_if_fail (TITHE_IS_BANNER (self));

  if (self->revealed == revealed)
    return;
  self->revealed = revealed;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REVEALED]);
}

/* tithe_banner_get_revealed: whether it is shown. */
gboolean
tithe_banner_get_revealed (TitheBanner *self)
{
  return self->revealed;
}

static void
on_dismissed (TitheBanner *self)
{
  tithe_banner_set_revealed (self, FALSE);
}

static void
tithe_banner_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TitheBanner *self = TITHE_BANNER (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;
    case PROP_BUTTON_LABEL:
      g_value_set_string (value, self->button_label);
      break;
    case PROP_ACTION_NAME:
      g_value_set_string (value, self->action_name);
      break;
    case PROP_DISMISSABLE:
      g_value_set_boolean (value, self->dismissable);
      break;
    case PROP_REVEALED:
      g_value_set_boolean (value, self->revealed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
tithe_banner_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TitheBanner *self = TITHE_BANNER (object);

  switch (id)
    {
    case PROP_TITLE:
      tithe_banner_set_title (self, g_value_get_string (value));
      break;
    case PROP_ICON_NAME:
      set_text (self, &self->icon_name, g_value_get_string (value), id);
      break;
    case PROP_BUTTON_LABEL:
      set_text (self, &self->button_label, g_value_get_string (value), id);
      gtk_widget_set_visible (self->button, self->button_label != NULL);
      break;
    case PROP_ACTION_NAME:
      set_text (self, &self->action_name, g_value_get_string (value), id);
      break;
    case PROP_DISMISSABLE:
      self->dismissable = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_REVEALED:
      tithe_banner_set_revealed (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
tithe_banner_finalize (GObject *object)
{
  TitheBanner *self = TITHE_BANNER (object);

  g_free (self->title);
  g_free (self->icon_name);
  g_free (self->button_label);
  g_free (self->action_name);
  G_OBJECT_CLASS (tithe_banner_parent_class)->finalize (object);
}

static void
tithe_banner_class_init (TitheBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = tithe_banner_get_property;
  object_class->set_property = tithe_banner_set_property;
  object_class->finalize = tithe_banner_finalize;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  props[PROP_BUTTON_LABEL] = g_param_spec_string ("button-label", NULL, NULL, NULL, flags);
  props[PROP_ACTION_NAME] = g_param_spec_string ("action-name", NULL, NULL, NULL, flags);
  props[PROP_DISMISSABLE] = g_param_spec_boolean ("dismissable", NULL, NULL, FALSE, flags);
  props[PROP_REVEALED] = g_param_spec_boolean ("revealed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheBanner, button);
  gtk_widget_class_bind_template_callback (widget_class, on_dismissed);
}

static void
tithe_banner_init (TitheBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
