/* SPDX-License-Identifier: MIT */
#include "learn-fixture.h"
#include "learn/tithe-learn-pace.h"

#include <math.h>
#include <string.h>

/* tithe_train()'s step is Nesterov's, checked by hand on the head's bias, whose gradient is known in closed form. */
static void
test_a_step_is_nesterovs (LearnFixture *fixture, gconstpointer data)
{
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autoptr (TithePictureSet) pictures = NULL;
  TitheLearnOptions options = learn_fixture_options ();
  const guint32 images[] = { 0, 1, 2, 3 };
  double gradient;
  TitheParameter *weight = tithe_network_get_head_weight (network), *bias = tithe_network_get_head_bias (network);
  g_autoptr (GError) error = NULL;

  learn_fixture_make_images (fixture, 2, 2);
  pictures = tithe_picture_set_load (fixture->dataset, 16, 3, 1, NULL, &error);
  g_assert_no_error (error);
  /* With a head of zeros both classes have one half: the gradient of the bias is the sum of (1/2 - label) over 4. */
  memset (weight->value, 0, weight->n * sizeof (float));
  bias->value[0] = 0.5f;
  bias->value[1] = 0.5f;
  options.train.epochs = 1;
  options.train.batch = 3; /* one step of three: two of one class */
  options.train.smoothing = 0;
  options.train.momentum = 0.9;
  options.train.rate = 0.1;
  g_assert_true (
      tithe_train (network, pictures, images, 3, NULL, NULL, 0, &options.train, NULL, NULL, NULL, NULL, &error));
  /* Images 0, 1 are of class 0 and 2 of class 1, which weigh 3 / (√2 + 1) / √2 and 3 / (√2 + 1); no decay on biases; the
   * rate in the middle of the only step is 0.1 x (1 - 0.5) / 0.8; the first step moves by (1 + momentum) x gradient. */
  gradient = (-2 / sqrt (2) + 1) / 2 / (sqrt (2) + 1);
  g_assert_cmpfloat_with_epsilon (bias->value[0], 0.5 - 0.0625 * 1.9 * gradient, 1e-6);
  g_assert_cmpfloat_with_epsilon (bias->value[1], 0.5 + 0.0625 * 1.9 * gradient, 1e-6);
}

static void
test_learns_and_repeats_itself (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autoptr (GBytes) first = NULL, second = NULL, other = NULL;
  g_autoptr (TitheNetwork) a = NULL, b = NULL, c = NULL;
  g_autoptr (GError) error = NULL;
  TitheEpoch last = { 0 };

  options.train.n_threads = 2;
  learn_fixture_make_images (fixture, 2, 24);
  a = tithe_learn (fixture->dataset, &options, learn_fixture_keep_epoch, &last, &first, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (last.epoch, ==, 4);
  g_assert_true (isfinite (last.loss));
  g_assert_cmpuint (g_bytes_get_size (first), ==, 48 * 16 * sizeof (float));
  b = tithe_learn (fixture->dataset, &options, NULL, NULL, &second, NULL, &error);
  g_assert_true (g_bytes_equal (first, second));
  options.train.seed = 2;
  c = tithe_learn (fixture->dataset, &options, NULL, NULL, &other, NULL, &error);
  g_assert_false (g_bytes_equal (first, other));
}

typedef struct
{
  TitheJob *job;
  double last;
  guint n;
} Watch;

static void
watch (const TitheEpoch *epoch, gpointer user_data)
{
  Watch *seen = user_data;
  const double fraction = tithe_job_get_fraction (seen->job);

  g_assert_cmpfloat (fraction, >, seen->last);
  g_assert_cmpfloat (fraction, <, 1);
  g_assert_cmpfloat (tithe_job_get_eta (seen->job), >, 0);
  seen->last = fraction;
  seen->n++;
}

/* Reading, both runs and embedding are one progress with one time left, seen by whoever watches: forwards only. */
static void
test_progress_is_one_of_all_steps (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autoptr (GError) error = NULL;
  TitheLearnPace pace = { 1, 1, 1 };
  Watch seen = { job, 0, 0 };

  learn_fixture_make_images (fixture, 2, 40); /* more than one chunk to decode */
  options.hold_out = TRUE;
  options.pace = &pace;
  network = tithe_learn (fixture->dataset, &options, watch, &seen, &rows, job, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (seen.n, ==, 2 * options.train.epochs);
  /* What it took is known afterwards. */
  g_assert_true (pace.read > 0 && pace.read < 1 && pace.learn > 0 && pace.learn < 1 && pace.see > 0 && pace.see < 1);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 1);
}

static void
sum_epochs (const TitheEpoch *epoch, gpointer user_data)
{
  guint *n = user_data;

  n[epoch->held_out]++;
  g_assert_true (epoch->held_out == (epoch->test_accuracy >= 0));
}

/* Without a test split a first run goes without a tenth; the last run learns from everything. */
static void
test_score_is_of_a_held_out_tenth (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autoptr (GBytes) with = NULL, without = NULL;
  g_autoptr (TitheNetwork) a = NULL, b = NULL;
  guint n[2] = { 0 };

  learn_fixture_make_images (fixture, 2, 20);
  a = tithe_learn (fixture->dataset, &options, sum_epochs, n, &with, NULL, NULL);
  g_assert_cmpuint (n[0], ==, 4);
  g_assert_cmpuint (n[1], ==, 4);
  options.hold_out = FALSE;
  b = tithe_learn (fixture->dataset, &options, sum_epochs, n, &without, NULL, NULL);
  g_assert_cmpuint (n[0], ==, 8);
  g_assert_cmpuint (n[1], ==, 4);
  g_assert_true (g_bytes_equal (with, without));
}

static void
test_what_cannot_be_learned (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *flat = g_build_filename (fixture->folder, "flat", NULL);
  g_autoptr (TitheDataset) unlabelled = NULL;
  g_autoptr (GBytes) rows = NULL;
  GError *error = NULL;

  fixture_write_picture (flat, "1.png", 8, 8, 1);
  fixture_write_picture (flat, "2.png", 8, 8, 2);
  unlabelled = tithe_dataset_open (flat, NULL, NULL);
  g_assert_null (tithe_learn (unlabelled, &options, NULL, NULL, &rows, NULL, &error));
  fixture_assert_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_UNLABELLED, "no labels");
  learn_fixture_make_images (fixture, 1, 3);
  g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
  fixture_assert_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_UNLABELLED, "one class");
}

/* Two pictures, pictures that are all the same, a broken one among them, a small class and a large one. */
static void
test_odd_data_has_an_outcome (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 4; round++)
    {
      g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
      g_autoptr (TitheNetwork) network = NULL;
      g_autoptr (GBytes) rows = NULL;
      const float *values;

      for (guint i = 0; i < (round == 0 ? 1u : 9u); i++)
        {
          g_autofree char *name = g_strdup_printf ("a/%u.png", i);

          fixture_write_picture (images, name, 8, 8, round == 1 ? 7 : i);
        }
      fixture_write_picture (images, "b/0.png", 8, 8, 7);
      if (round >= 2)
        g_free (fixture_write (images, "a/3.png", "broken", -1));
      learn_fixture_open_images (fixture);
      network = tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error);
      g_assert_no_error (error);
      values = g_bytes_get_data (rows, NULL);
      for (gsize i = 0; i < g_bytes_get_size (rows) / sizeof (float); i++)
        g_assert_true (isfinite (values[i]));
      for (gsize j = 0; round >= 2 && j < 16; j++)
        g_assert_cmpfloat (values[3 * 16 + j], ==, 0.0f);
    }
}

static void
test_presets_are_known_by_name (LearnFixture *fixture, gconstpointer data)
{
  static const char *const none[]
      = { "", "resnet", "resnet9", "resnet2", "resnet206", "resnet-8", "resnet8abc", "resnet 8", "slow" };
  TitheLearnOptions options, fast;

  for (guint i = 0; tithe_learn_presets[i].text != NULL; i++)
    g_assert_true (tithe_learn_options_init (&options, tithe_learn_presets[i].text));
  g_assert_true (tithe_learn_options_init (&options, NULL));
  g_assert_true (tithe_learn_options_init (&fast, tithe_learn_presets[0].text));
  g_assert_cmpint (options.kind, ==, fast.kind);
  g_assert_cmpuint (options.train.epochs, ==, fast.train.epochs);
  g_assert_true (tithe_learn_options_init (&options, "resnet44"));
  g_assert_cmpuint (options.depth, ==, 44);
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_false (tithe_learn_options_init (&options, none[i]));
}

/* A shape by the pictures, unless a size is asked for. */
static void
test_the_shape_is_the_pictures (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  TitheNetworkShape shape;

  learn_fixture_make_images (fixture, 3, 2);
  tithe_learn_choose_shape (fixture->dataset, &options, &shape);
  g_assert_cmpuint (shape.size, ==, 16);
  options.size = 0;
  tithe_learn_choose_shape (fixture->dataset, &options, &shape);
  g_assert_cmpuint (shape.size, ==, 32);
  g_assert_cmpuint (shape.channels, ==, 3);
  g_assert_cmpuint (shape.n_classes, ==, 3);
  g_assert_true (tithe_network_shape_is_valid (&shape));
}

/* One readable picture is nothing to learn from. */
static void
test_too_few_pictures_are_refused (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
  g_autoptr (GBytes) rows = NULL;
  GError *error = NULL;

  fixture_write_picture (images, "a/0.png", 8, 8, 1);
  g_free (fixture_write (images, "b/0.png", "broken", -1));
  learn_fixture_open_images (fixture);
  g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
  fixture_assert_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_TOO_FEW, "1 picture that can be read");
}

static void
tell_test (const TitheEpoch *epoch, gpointer user_data)
{
  guint *n = user_data;

  g_assert_false (epoch->held_out);
  g_assert_cmpfloat (epoch->test_accuracy, >=, 0);
  g_assert_cmpfloat (epoch->test_accuracy, <=, 1);
  (*n)++;
}

/* Where there is a test split nothing is held out. */
static void
test_score_is_of_the_test_split (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *train = g_build_filename (fixture->folder, "images", "train", NULL);
  g_autofree char *test = g_build_filename (fixture->folder, "images", "test", NULL);
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  fixture_write_classes (train, 2, 6);
  fixture_write_classes (test, 2, 3);
  learn_fixture_open_images (fixture);
  g_assert_nonnull (tithe_dataset_get_test (fixture->dataset));
  network = tithe_learn (fixture->dataset, &options, tell_test, &n, &rows, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpuint (g_bytes_get_size (rows), ==, 12 * 16 * sizeof (float));
}

/* What a space depends on is in its description: the numbers of the network, the dataset, the settings. */
static void
test_the_description_is_what_it_depends_on (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autofree char *first = NULL, *applied = NULL, *changed = NULL, *other = NULL;

  learn_fixture_make_images (fixture, 2, 2);
  first = tithe_learn_describe (network, fixture->dataset, &options);
  applied = tithe_learn_describe (network, fixture->dataset, NULL);
  g_assert_nonnull (strstr (first, "resnet8 width 4 channels 3 size 16 classes 2; epochs 4 batch 8"));
  g_assert_nonnull (strstr (first, tithe_dataset_get_fingerprint (fixture->dataset)));
  g_assert_nonnull (strstr (applied, "; applied; network "));
  tithe_network_get_head_bias (network)->value[0] += 1;
  changed = tithe_learn_describe (network, fixture->dataset, &options);
  g_assert_cmpstr (first, !=, changed);
  learn_fixture_make_images (fixture, 2, 3);
  other = tithe_learn_describe (network, fixture->dataset, &options);
  g_assert_cmpstr (other, !=, changed);
}

/* As many as are wanted at most, of the wanted size, and the same in every call; broken ones are left out. */
static void
test_examples_are_pictures_as_they_are_learned (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autoptr (GPtrArray) first = NULL, again = NULL, later = NULL, fewer = NULL;
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
  gboolean differs = FALSE;

  learn_fixture_make_images (fixture, 2, 4);
  first = tithe_learn_list_examples (fixture->dataset, &options.train, 16, 0, 8);
  again = tithe_learn_list_examples (fixture->dataset, &options.train, 16, 0, 8);
  later = tithe_learn_list_examples (fixture->dataset, &options.train, 16, 1, 8);
  g_assert_cmpuint (first->len, ==, 8);
  for (guint i = 0; i < 8; i++)
    {
      TithePixels *a = g_ptr_array_index (first, i), *b = g_ptr_array_index (again, i),
                  *c = g_ptr_array_index (later, i);

      g_assert_cmpuint (a->width, ==, 16);
      g_assert_cmpmem (a->data, 3 * 16 * 16, b->data, 3 * 16 * 16);
      differs |= memcmp (a->data, c->data, 3 * 16 * 16) != 0;
    }
  g_assert_true (differs);
  g_free (fixture_write (images, "c0/0000.png", "broken", -1));
  learn_fixture_open_images (fixture);
  fewer = tithe_learn_list_examples (fixture->dataset, &options.train, 16, 0, 8);
  g_assert_cmpuint (fewer->len, ==, 7);
}

static void
test_an_estimate_is_a_time_or_an_error (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autoptr (TitheJob) cancelled = tithe_job_new ("test");
  TitheLearnPace pace = { 0 };
  TitheLearnForecast forecast;
  GError *error = NULL;

  learn_fixture_make_images (fixture, 2, 4);
  options.pace = &pace;
  tithe_learn_foresee (fixture->dataset, &options, &forecast);
  g_assert_cmpfloat (forecast.seconds, <, 0);
  g_assert_true (tithe_learn_pace_measure (&pace, fixture->dataset, &options, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (tithe_learn_pace_is_known (&pace));
  tithe_learn_foresee (fixture->dataset, &options, &forecast);
  g_assert_cmpfloat (forecast.seconds, >, 0);
  tithe_job_cancel (cancelled);
  g_assert_false (tithe_learn_pace_measure (&pace, fixture->dataset, &options, cancelled, &error));
  fixture_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
}

static void
stop_after_two (const TitheEpoch *epoch, gpointer user_data)
{
  if (epoch->epoch == 2)
    tithe_job_cancel (user_data);
}

/* What an unfinished learning has done is known without learning, and is not waited for again. */
static void
test_an_unfinished_learning_is_foreseen (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "checkpoint", NULL);
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) rows = NULL;
  TitheLearnPace pace = { 1, 1, 1 };
  TitheLearnForecast whole, left;

  learn_fixture_make_images (fixture, 2, 40);
  options.train.epochs = 4;
  options.hold_out = TRUE;
  options.checkpoint = checkpoint;
  options.pace = &pace;
  tithe_learn_foresee (fixture->dataset, &options, &whole);
  /* 80 images: read, four times 72 learned and 8 seen, four times 80 learned, embedded. */
  g_assert_cmpfloat_with_epsilon (whole.seconds, 80 + 4 * 80 + 4 * 80 + 80, 1e-3);
  g_assert_cmpuint (whole.epochs_done, ==, 0);
  g_assert_cmpuint (whole.n_epochs, ==, 8);
  g_assert_null (tithe_learn (fixture->dataset, &options, stop_after_two, job, &rows, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pace = (TitheLearnPace){ 1, 1, 1 };
  tithe_learn_foresee (fixture->dataset, &options, &left);
  g_assert_cmpuint (left.epochs_done, ==, 2);
  g_assert_cmpfloat_with_epsilon (left.seconds, 80 + 2 * 80 + 4 * 80 + 80, 1e-3);
}

/* What is cancelled before it begins, or while it embeds, gives nothing. */
static void
test_cancelled_work_gives_nothing (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autoptr (GBytes) rows = NULL;
  GError *error = NULL;

  learn_fixture_make_images (fixture, 2, 4);
  tithe_job_cancel (job);
  g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, job, &error));
  fixture_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  g_assert_null (rows);
  g_assert_null (tithe_learn_apply (network, fixture->dataset, 1, FALSE, job, &error));
  fixture_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LEARN_ADD ("/learn/step", test_a_step_is_nesterovs);
  LEARN_ADD ("/learn/repeats-itself", test_learns_and_repeats_itself);
  LEARN_ADD ("/learn/progress", test_progress_is_one_of_all_steps);
  LEARN_ADD ("/learn/held-out", test_score_is_of_a_held_out_tenth);
  LEARN_ADD ("/learn/what-cannot-be-learned", test_what_cannot_be_learned);
  LEARN_ADD ("/learn/odd-data", test_odd_data_has_an_outcome);
  LEARN_ADD ("/learn/presets", test_presets_are_known_by_name);
  LEARN_ADD ("/learn/shape", test_the_shape_is_the_pictures);
  LEARN_ADD ("/learn/too-few", test_too_few_pictures_are_refused);
  LEARN_ADD ("/learn/test-split", test_score_is_of_the_test_split);
  LEARN_ADD ("/learn/description", test_the_description_is_what_it_depends_on);
  LEARN_ADD ("/learn/examples", test_examples_are_pictures_as_they_are_learned);
  LEARN_ADD ("/learn/estimate", test_an_estimate_is_a_time_or_an_error);
  LEARN_ADD ("/learn/unfinished-foreseen", test_an_unfinished_learning_is_foreseen);
  LEARN_ADD ("/learn/cancelled", test_cancelled_work_gives_nothing);
  return g_test_run ();
}
