/* SPDX-License-Identifier: MIT */
#include "tithe-demo.h"
#include "image/tithe-image.h"
#include "io/tithe-folder.h"
#include "io/tithe-output.h"

#include <cairo.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/*
 * A dataset that is drawn: ten classes of small scenes. Every image is a scene, a point in a space of a dozen
 * parameters; a redundant group is one scene drawn again with small changes in one of the paper's factors: deformation,
 * pose, colour, texture or background. Groups have a long tail of sizes and most scenes stand alone.
 */
#define SIZE 64
#define N_SHADES 3

typedef enum
{
  FACTOR_DEFORMATION,
  FACTOR_POSE,
  FACTOR_COLOUR,
  FACTOR_TEXTURE,
  FACTOR_BACKGROUND,
  N_FACTORS
} Factor;

typedef struct
{
  double hue[N_SHADES]; /* of the parts of the object */
  double saturation, lightness;
  double sky, ground, horizon; /* hues and height of the background */
  double day;                  /* 0 night to 1 day */
  double x, y, scale, turn, mirror;
  double stretch, detail; /* deformation, and a proportion of the object's own */
  double texture, clouds;
  guint32 grain; /* seed of the texture */
} Scene;

static void
set_hsl (cairo_t *cr, double hue, double saturation, double lightness)
{
  double a = saturation * MIN (lightness, 1 - lightness), rgb[3];
  const double offsets[3] = { 0, 8, 4 };

  for (guint i = 0; i < 3; i++)
    {
      double k = fmod (offsets[i] + hue * 12 + 12, 12);

      rgb[i] = lightness - a * MAX (-1, MIN (MIN (k - 3, 9 - k), 1));
    }
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
}

static void
shade (cairo_t *cr, const Scene *scene, guint part, double lighter)
{
  set_hsl (cr, scene->hue[part], scene->saturation, CLAMP (scene->lightness + lighter, 0.08, 0.92));
}

static void
fill_polygon (cairo_t *cr, const double *points, guint n)
{
  cairo_move_to (cr, points[0], points[1]);
  for (guint i = 1; i < n; i++)
    cairo_line_to (cr, points[2 * i], points[2 * i + 1]);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
fill_ellipse (cairo_t *cr, double x, double y, double rx, double ry)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, rx, ry);
  cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
  cairo_restore (cr);
  cairo_fill (cr);
}

static void
fill_box (cairo_t *cr, double x, double y, double width, double height)
{
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
}

/* Objects are drawn about the origin, from -1 to 1, standing on y = 0.8. */

static void
draw_balloon (cairo_t *cr, const Scene *s)
{
  shade (cr, s, 0, 0);
  fill_ellipse (cr, 0, -0.25, 0.62, 0.68);
  shade (cr, s, 1, 0.1);
  fill_ellipse (cr, 0, -0.25, 0.1 + 0.3 * s->detail, 0.68);
  shade (cr, s, 2, -0.1);
  fill_polygon (cr, (double[]){ -0.14, 0.58, 0.14, 0.58, 0.1, 0.8, -0.1, 0.8 }, 4);
  cairo_set_line_width (cr, 0.04);
  cairo_move_to (cr, -0.3, 0.34);
  cairo_line_to (cr, -0.13, 0.6);
  cairo_move_to (cr, 0.3, 0.34);
  cairo_line_to (cr, 0.13, 0.6);
  cairo_stroke (cr);
}

static void
draw_boat (cairo_t *cr, const Scene *s)
{
  shade (cr, s, 2, -0.15);
  fill_box (cr, -0.04, -0.8, 0.08, 1.2);
  shade (cr, s, 0, 0.2);
  fill_polygon (cr, (double[]){ 0.08, -0.75, 0.08, 0.28, 0.5 + 0.3 * s->detail, 0.28 }, 3);
  shade (cr, s, 1, 0.1);
  fill_polygon (cr, (double[]){ -0.08, -0.5, -0.08, 0.28, -0.6, 0.28 }, 3);
  shade (cr, s, 1, -0.15);
  fill_polygon (cr, (double[]){ -0.85, 0.4, 0.85, 0.4, 0.55, 0.8, -0.6, 0.8 }, 4);
}

static void
draw_car (cairo_t *cr, const Scene *s)
{
  shade (cr, s, 0, -0.05);
  fill_polygon (cr, (double[]){ -0.5, 0.1, -0.3 + 0.1 * s->detail, -0.3, 0.25 + 0.15 * s->detail, -0.3, 0.6, 0.1 }, 4);
  set_hsl (cr, 0.55, 0.4, 0.85);
  fill_polygon (cr, (double[]){ -0.36, 0.08, -0.23, -0.2, 0.2, -0.2, 0.42, 0.08 }, 4);
  shade (cr, s, 0, 0.05);
  fill_box (cr, -0.95, 0.1, 1.9, 0.42);
  set_hsl (cr, 0.14, 0.9, 0.7);
  fill_box (cr, 0.82, 0.2, 0.13, 0.12);
  set_hsl (cr, 0, 0, 0.12);
  fill_ellipse (cr, -0.52, 0.56, 0.24, 0.24);
  fill_ellipse (cr, 0.52, 0.56, 0.24, 0.24);
  shade (cr, s, 1, 0.2);
  fill_ellipse (cr, -0.52, 0.56, 0.11, 0.11);
  fill_ellipse (cr, 0.52, 0.56, 0.11, 0.11);
}

static void
draw_fish (cairo_t *cr, const Scene *s)
{
  shade (cr, s, 1, -0.05);
  fill_polygon (cr, (double[]){ -0.45, 0.1, -0.95, -0.3 - 0.2 * s->detail, -0.8, 0.1, -0.95, 0.5 + 0.2 * s->detail },
                4);
  fill_polygon (cr, (double[]){ -0.2, -0.2, 0.15, -0.65, 0.3, -0.2 }, 3);
  shade (cr, s, 0, 0.05);
  fill_ellipse (cr, 0.12, 0.1, 0.68, 0.38);
  shade (cr, s, 2, 0.15);
  fill_ellipse (cr, 0.0, 0.1, 0.07, 0.3);
  fill_ellipse (cr, 0.28, 0.1, 0.06, 0.27);
  set_hsl (cr, 0, 0, 1);
  fill_ellipse (cr, 0.55, 0.0, 0.1, 0.1);
  set_hsl (cr, 0, 0, 0);
  fill_ellipse (cr, 0.58, 0.0, 0.05, 0.05);
}

static void
draw_flower (cairo_t *cr, const Scene *s)
{
  int petals = 5 + (int) (4 * s->detail);

  set_hsl (cr, 0.33, 0.5, 0.3);
  fill_box (cr, -0.05, 0, 0.1, 0.8);
  fill_ellipse (cr, 0.22, 0.5, 0.22, 0.09);
  shade (cr, s, 0, 0.1);
  for (int i = 0; i < petals; i++)
    fill_ellipse (cr, 0.42 * cos (2 * G_PI * i / petals), -0.2 + 0.42 * sin (2 * G_PI * i / petals), 0.27, 0.27);
  set_hsl (cr, 0.13, 0.9, 0.55);
  fill_ellipse (cr, 0, -0.2, 0.24, 0.24);
}

static void
draw_house (cairo_t *cr, const Scene *s)
{
  shade (cr, s, 0, 0.2);
  fill_box (cr, -0.65, -0.1, 1.3, 0.9);
  shade (cr, s, 1, -0.1);
  fill_polygon (cr, (double[]){ -0.8, -0.1, 0, -0.5 - 0.4 * s->detail, 0.8, -0.1 }, 3);
  shade (cr, s, 2, -0.2);
  fill_box (cr, -0.14, 0.3, 0.3, 0.5);
  set_hsl (cr, 0.14, 0.8, 0.75);
  fill_box (cr, -0.5, 0.1, 0.24, 0.24);
  fill_box (cr, 0.28, 0.1, 0.24, 0.24);
}

static void
draw_mushroom (cairo_t *cr, const Scene *s)
{
  set_hsl (cr, 0.1, 0.35, 0.85);
  fill_polygon (cr, (double[]){ -0.2, 0, 0.2, 0, 0.3, 0.8, -0.3, 0.8 }, 4);
  shade (cr, s, 0, 0);
  cairo_move_to (cr, -0.85, 0.1);
  cairo_curve_to (cr, -0.8, -0.7 - 0.3 * s->detail, 0.8, -0.7 - 0.3 * s->detail, 0.85, 0.1);
  cairo_close_path (cr);
  cairo_fill (cr);
  shade (cr, s, 1, 0.3);
  fill_ellipse (cr, -0.35, -0.1, 0.12, 0.1);
  fill_ellipse (cr, 0.1, -0.32, 0.14, 0.11);
  fill_ellipse (cr, 0.45, -0.03, 0.1, 0.08);
}

static void
draw_planet (cairo_t *cr, const Scene *s)
{
  shade (cr, s, 0, 0);
  fill_ellipse (cr, 0, 0, 0.55, 0.55);
  shade (cr, s, 1, 0.12);
  fill_ellipse (cr, -0.05, 0.12, 0.5, 0.1);
  fill_ellipse (cr, 0.02, -0.2, 0.44, 0.08);
  shade (cr, s, 2, 0.2);
  cairo_save (cr);
  cairo_rotate (cr, -0.3);
  cairo_scale (cr, 0.95, 0.12 + 0.2 * s->detail);
  cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
  cairo_restore (cr);
  cairo_set_line_width (cr, 0.08);
  cairo_stroke (cr);
}

static void
draw_rocket (cairo_t *cr, const Scene *s)
{
  set_hsl (cr, 0.09, 0.95, 0.55);
  fill_polygon (cr, (double[]){ -0.18, 0.5, 0.18, 0.5, 0, 0.7 + 0.3 * s->detail }, 3);
  shade (cr, s, 1, -0.05);
  fill_polygon (cr, (double[]){ -0.25, 0.1, -0.55, 0.6, -0.2, 0.5 }, 3);
  fill_polygon (cr, (double[]){ 0.25, 0.1, 0.55, 0.6, 0.2, 0.5 }, 3);
  shade (cr, s, 0, 0.25);
  fill_ellipse (cr, 0, -0.15, 0.3, 0.75);
  set_hsl (cr, 0.55, 0.6, 0.45);
  fill_ellipse (cr, 0, -0.3, 0.15, 0.15);
}

static void
draw_tree (cairo_t *cr, const Scene *s)
{
  set_hsl (cr, 0.08, 0.4, 0.28);
  fill_box (cr, -0.1, 0.2, 0.2, 0.6);
  shade (cr, s, 0, -0.1);
  fill_ellipse (cr, -0.32, 0.0, 0.4, 0.36);
  fill_ellipse (cr, 0.32, 0.0, 0.4, 0.36);
  shade (cr, s, 0, 0);
  fill_ellipse (cr, 0, -0.35, 0.45, 0.25 + 0.25 * s->detail);
  shade (cr, s, 1, 0.15);
  fill_ellipse (cr, -0.25, 0.02, 0.08, 0.08);
  fill_ellipse (cr, 0.2, -0.3, 0.08, 0.08);
  fill_ellipse (cr, 0.38, 0.1, 0.08, 0.08);
}

static const struct
{
  const char *name;
  void (*draw) (cairo_t *cr, const Scene *scene);
} classes[TITHE_DEMO_MAX_CLASSES]
    = { { "balloon", draw_balloon }, { "boat", draw_boat },   { "car", draw_car },           { "fish", draw_fish },
        { "flower", draw_flower },   { "house", draw_house }, { "mushroom", draw_mushroom }, { "planet", draw_planet },
        { "rocket", draw_rocket },   { "tree", draw_tree } };

static void
draw_background (cairo_t *cr, const Scene *s, GRand *grain)
{
  double light = 0.25 + 0.5 * s->day;

  set_hsl (cr, s->sky, 0.5, light);
  cairo_paint (cr);
  set_hsl (cr, s->sky, 0.4, MIN (light + 0.15, 0.9));
  for (guint i = 0; i < (guint) (s->clouds * 5); i++)
    {
      /* One draw a statement: the order in which arguments are evaluated is the compiler's choice. */
      double x = g_rand_double (grain);
      double y = g_rand_double (grain) * s->horizon;

      fill_ellipse (cr, x, y, 0.1 + 0.12 * g_rand_double (grain), 0.05);
    }
  set_hsl (cr, s->ground, 0.4, light - 0.12);
  fill_box (cr, 0, s->horizon, 1, 1);
  set_hsl (cr, s->ground, 0.4, light - 0.2);
  for (guint i = 0; i < (guint) (s->texture * 40); i++)
    {
      double x = g_rand_double (grain);
      double y = s->horizon + (1 - s->horizon) * g_rand_double (grain);

      fill_box (cr, x, y, 0.02 + 0.05 * g_rand_double (grain), 0.015);
    }
}

static TithePixels *
draw_scene (guint class_index, const Scene *s)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SIZE, SIZE);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GRand) grain = g_rand_new_with_seed (s->grain);
  TithePixels *pixels = tithe_pixels_new (SIZE, SIZE);
  const guint8 *data;

  cairo_scale (cr, SIZE, SIZE);
  draw_background (cr, s, grain);
  cairo_translate (cr, s->x, s->y);
  cairo_rotate (cr, s->turn);
  cairo_scale (cr, s->scale * s->mirror * s->stretch, s->scale / s->stretch);
  classes[class_index].draw (cr, s);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (guint y = 0; y < SIZE; y++)
    for (guint x = 0; x < SIZE; x++)
      {
        guint32 pixel;

        memcpy (&pixel, data + y * (guint) cairo_image_surface_get_stride (surface) + x * 4, 4);
        pixels->data[(y * SIZE + x) * 3] = (guint8) (pixel >> 16);
        pixels->data[(y * SIZE + x) * 3 + 1] = (guint8) (pixel >> 8);
        pixels->data[(y * SIZE + x) * 3 + 2] = (guint8) pixel;
      }
  cairo_surface_destroy (surface);
  return pixels;
}

static double
between (GRand *rand, double low, double high)
{
  return low + (high - low) * g_rand_double (rand);
}

/* A proportion moved by up to @by, kept between 0 and 1. */
static double
nudge (GRand *rand, double proportion, double by)
{
  double moved = proportion + between (rand, -by, by);

  return CLAMP (moved, 0, 1);
}

static void
invent_scene (Scene *s, GRand *rand)
{
  for (guint i = 0; i < N_SHADES; i++)
    s->hue[i] = g_rand_double (rand);
  s->saturation = between (rand, 0.4, 0.9);
  s->lightness = between (rand, 0.35, 0.6);
  s->sky = between (rand, 0.5, 0.95);
  s->ground = between (rand, 0.05, 0.6);
  s->horizon = between (rand, 0.45, 0.85);
  s->day = g_rand_double (rand);
  s->x = between (rand, 0.38, 0.62);
  s->y = between (rand, 0.42, 0.6);
  s->scale = between (rand, 0.22, 0.42);
  s->turn = between (rand, -0.35, 0.35);
  s->mirror = g_rand_boolean (rand) ? 1 : -1;
  s->stretch = between (rand, 0.85, 1.18);
  s->detail = g_rand_double (rand);
  s->texture = g_rand_double (rand);
  s->clouds = g_rand_double (rand);
  s->grain = g_rand_int (rand);
}

/* The scene again, a little different in one factor. */
static Scene
vary_scene (const Scene *scene, Factor factor, GRand *rand)
{
  Scene s = *scene;

  switch (factor)
    {
    case FACTOR_DEFORMATION:
      s.stretch *= between (rand, 0.9, 1.1);
      s.detail = nudge (rand, s.detail, 0.15);
      break;
    case FACTOR_POSE:
      s.turn += between (rand, -0.1, 0.1);
      s.x += between (rand, -0.02, 0.02);
      s.y += between (rand, -0.02, 0.02);
      break;
    case FACTOR_COLOUR:
      s.hue[0] += between (rand, -0.06, 0.06);
      s.lightness += between (rand, -0.06, 0.06);
      break;
    case FACTOR_TEXTURE:
      s.texture = nudge (rand, s.texture, 0.3);
      s.saturation = nudge (rand, s.saturation, 0.12);
      break;
    case FACTOR_BACKGROUND:
    default:
      s.sky += between (rand, -0.05, 0.05);
      s.day = nudge (rand, s.day, 0.12);
      break;
    }
  return s;
}

/* Four scenes in five stand alone; the rest have a size from a long tail, 2 to 12. */
static guint
choose_size (GRand *rand)
{
  double tail = between (rand, 0.02, 1);

  if (g_rand_double (rand) < 0.8)
    return 1;
  return (guint) CLAMP (1 + floor (pow (tail, -0.75)), 2, 12);
}

static gboolean
write_image (const char *folder, guint class_index, guint number, const Scene *scene, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s/%04u.png", folder, classes[class_index].name, number);
  g_autoptr (TithePixels) pixels = draw_scene (class_index, scene);

  return tithe_image_write_png (path, pixels, error);
}

/* @split is where in the folder the class is: empty, or such as “train/”. */
static gboolean
render_class (const char *folder, const char *split, guint class_index, guint n_images, GRand *rand, guint *group,
              GString *truth, TitheJob *job, GError **error)
{
  g_autofree char *path = g_strconcat (folder, "/", split, classes[class_index].name, NULL);
  g_autofree char *split_folder = g_strconcat (folder, "/", split, NULL);
  g_autofree Scene *scenes = g_new0 (Scene, n_images);
  g_autofree guint *groups = g_new (guint, n_images);

  if (g_mkdir_with_parents (path, 0777) != 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), _("cannot make the folder “%s”: %s"), path,
                   g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; i < n_images;)
    {
      guint size = choose_size (rand);
      Factor factor = (Factor) g_rand_int_range (rand, 0, N_FACTORS);

      size = MIN (size, n_images - i);
      invent_scene (&scenes[i], rand);
      groups[i] = *group;
      for (guint m = 1; m < size; m++)
        {
          scenes[i + m] = vary_scene (&scenes[i], factor, rand);
          groups[i + m] = *group;
        }
      i += size;
      (*group)++;
    }
  for (guint i = n_images; i-- > 1;)
    {
      guint j = (guint) g_rand_int_range (rand, 0, (gint32) i + 1);
      Scene scene = scenes[i];
      guint number = groups[i];

      scenes[i] = scenes[j];
      scenes[j] = scene;
      groups[i] = groups[j];
      groups[j] = number;
    }
  for (guint i = 0; i < n_images; i++)
    {
      if (!tithe_job_check (job, error) || !write_image (split_folder, class_index, i, &scenes[i], error))
        return FALSE;
      g_string_append_printf (truth, "%s%s/%04u.png,%u\n", split, classes[class_index].name, i, groups[i]);
      tithe_job_advance (job, 1);
    }
  return TRUE;
}

/* The whole dataset into a folder that is there or will be made. */
static gboolean
render_all (const char *folder, guint n_images, guint n_test, guint n_classes, guint32 seed, TitheJob *job,
            GError **error)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GString) truth = g_string_new ("path,group\n");
  g_autofree char *truth_path = g_build_filename (folder, "truth.csv", NULL);
  guint group = 0;

  tithe_job_start (job, _("Drawing the demo"), n_images + n_test);
  for (guint c = 0; c < n_classes; c++)
    if (!render_class (folder, n_test > 0 ? "train/" : "", c, n_images / n_classes + (c < n_images % n_classes), rand,
                       &group, truth, job, error))
      return FALSE;
  for (guint c = 0; n_test > 0 && c < n_classes; c++)
    if (!render_class (folder, "test/", c, n_test / n_classes + (c < n_test % n_classes), rand, &group, truth, job,
                       error))
      return FALSE;
  return tithe_output_write (truth_path, truth->str, truth->len, error);
}

/**
 * tithe_demo_render:
 * @folder: must not exist yet, or be empty
 * @n_images: in all, at least one a class
 * @n_test: of a test split, or 0 for none; then they lie in the folders train and test
 * @n_classes: 1 to %TITHE_DEMO_MAX_CLASSES
 * @seed: the same seed gives the same pictures
 *
 * Writes class folders of PNG files and truth.csv with the columns path and group: images of one number are one
 * planted group. A new folder is there whole or not at all.
 *
 * Returns: %FALSE with a %TITHE_OUTPUT_ERROR, an error of a picture that can't be written, or %G_IO_ERROR_CANCELLED
 */
gboolean
tithe_demo_render (const char *folder, guint n_images, guint n_test, guint n_classes, guint32 seed, TitheJob *job,
                   GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autoptr (TitheOutput) output = NULL;
  GError *local = NULL;

  g_return_val_if_fail (n_classes >= 1 && n_classes <= TITHE_DEMO_MAX_CLASSES && n_images >= n_classes, FALSE);

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_autoptr (GPtrArray) names = tithe_folder_list (folder, error);

      if (names != NULL && names->len > 0)
        return tithe_output_fail (error, TITHE_OUTPUT_ERROR_FOREIGN, folder,
                                  _("it is not empty; name a new folder for the demo"));
      return names != NULL && render_all (folder, n_images, n_test, n_classes, seed, job, error);
    }
  g_mkdir_with_parents (parent, 0777); /* what can't be made is told by what comes next */
  output = tithe_output_begin_folder (folder, NULL, NULL, FALSE, error);
  if (output == NULL)
    return FALSE;
  return render_all (tithe_output_get_temporary (output), n_images, n_test, n_classes, seed, job, &local)
             ? tithe_output_finish (output, error)
             : tithe_output_propagate (output, local, error);
}
