/* SPDX-License-Identifier: MIT */
#include "tithe-provenance.h"
#include "base/tithe-error.h"
#include "base/tithe-name.h"
#include "base/tithe-text.h"
#include "io/tithe-json.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* Images that are named where a dataset changed. */
#define MAX_NAMED 3

/* Class names need be no text, and a provenance file is. */
static char **
dup_pairs (const char *const *pairs)
{
  g_autoptr (GPtrArray) copy = g_ptr_array_new_with_free_func (g_free);

  for (; pairs != NULL && pairs[0] != NULL && pairs[1] != NULL; pairs += 2)
    {
      g_ptr_array_add (copy, tithe_name_dup (pairs[0]));
      g_ptr_array_add (copy, g_strdup (pairs[1]));
    }
  if (copy->len == 0)
    return NULL;
  g_ptr_array_add (copy, NULL);
  return (char **) g_ptr_array_steal (copy, NULL);
}

/**
 * tithe_provenance_new:
 * @curation: (nullable): decisions that are in the subset
 * @threshold: what chose the subset, or -1 where the choice's ratio did
 * @class_ratios: (nullable): as of tithe_subset_set_class_ratios()
 *
 * Returns: (transfer full): where a subset comes from
 */
TitheProvenance *
tithe_provenance_new (TitheSession *session, TitheCuration *curation, const TitheSubsetChoice *choice, double threshold,
                      const char *const *class_ratios)
{
  TitheProvenance *self = g_new0 (TitheProvenance, 1);
  TitheDataset *dataset = tithe_session_get_dataset (session);

  *self = (TitheProvenance){
    .program = g_strdup (TITHE_VERSION),
    .session = g_strdup (tithe_session_get_path (session)),
    .dataset = g_strdup (tithe_dataset_get_locator (dataset)),
    .dataset_fingerprint = g_strdup (tithe_dataset_get_fingerprint (dataset)),
    .embedding = g_strdup (tithe_session_get_embedding_locator (session)),
    .embedding_fingerprint = g_strdup (tithe_session_get_embedding_fingerprint (session)),
    .embedding_origin = g_strdup (tithe_session_get_embedding_origin (session)),
    .linkage = g_strdup (tithe_linkage_to_string (tithe_hierarchy_get_linkage (tithe_session_get_hierarchy (session)))),
    .choice = *choice,
    .threshold = threshold,
    .class_ratios = dup_pairs (class_ratios),
  };
  if (threshold >= 0)
    self->choice.ratio = 0;
  if (curation != NULL)
    {
      self->decisions = tithe_curation_dup_fingerprint (curation);
      self->n_decisions = tithe_curation_count_steps (curation);
      self->n_rows = tithe_journal_get_n_rows (tithe_curation_get_journal (curation));
    }
  return self;
}

/* Frees all that it owns. */
void
tithe_provenance_free (TitheProvenance *self)
{
  g_free (self->program);
  g_free (self->session);
  g_free (self->dataset);
  g_free (self->dataset_fingerprint);
  g_free (self->embedding);
  g_free (self->embedding_fingerprint);
  g_free (self->embedding_origin);
  g_free (self->linkage);
  g_strfreev (self->class_ratios);
  g_free (self->decisions);
  g_strfreev ((char **) self->options.classes);
  g_free (self->sum);
  g_strfreev (self->contents);
  g_free (self);
}

/* Of bytes that need be no text. */
static void
add_path (JsonBuilder *builder, const char *name, const char *path)
{
  g_autofree char *escaped = tithe_name_dup (path ? path : "");

  tithe_json_add_string (builder, name, escaped);
}

static void
add_subset (JsonBuilder *builder, const TitheProvenance *self)
{
  tithe_json_begin_object (builder, "subset");
  if (self->choice.ratio > 0)
    tithe_json_add_double (builder, "ratio", self->choice.ratio);
  else
    tithe_json_add_double (builder, "threshold", self->threshold);
  tithe_json_add_text (builder, "policy", tithe_policy_to_string (self->choice.policy));
  tithe_json_add_text (builder, "representative", tithe_representative_to_string (self->choice.rule));
  tithe_json_add_boolean (builder, "exact", self->choice.exact);
  if (self->class_ratios != NULL)
    {
      tithe_json_begin_object (builder, "class_ratios");
      for (char **pair = self->class_ratios; *pair != NULL; pair += 2)
        tithe_json_add_double (builder, pair[0], tithe_class_ratio_parse (pair[1]));
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  if (self->decisions == NULL)
    return;
  tithe_json_begin_object (builder, "decisions");
  tithe_json_add_int (builder, "steps", (gint64) self->n_decisions);
  tithe_json_add_int (builder, "journal_rows", self->n_rows);
  tithe_json_add_text (builder, "fingerprint", self->decisions);
  json_builder_end_object (builder);
}

static void
add_export (JsonBuilder *builder, const TitheExportOptions *options, gsize n_images, const char *sum,
            const char *const *contents)
{
  tithe_json_begin_object (builder, "export");
  tithe_json_add_text (builder, "format", tithe_export_format_to_string (options->format));
  tithe_json_add_text (builder, "what", tithe_export_what_to_string (options->what));
  if (tithe_export_links_files (options->format))
    tithe_json_add_text (builder, "link", tithe_export_link_to_string (options->link));
  if (options->classes != NULL)
    {
      tithe_json_begin_array (builder, "classes");
      for (guint i = 0; options->classes[i] != NULL; i++)
        {
          g_autofree char *name = tithe_name_dup (options->classes[i]);

          json_builder_add_string_value (builder, name);
        }
      json_builder_end_array (builder);
    }
  tithe_json_add_int (builder, "images", (gint64) n_images);
  tithe_json_add_text (builder, "sha256", sum);
  if (contents != NULL)
    {
      tithe_json_begin_object (builder, "contents");
      for (guint i = 0; contents[i] != NULL; i += 2)
        tithe_json_add_text (builder, contents[i], contents[i + 1]);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

/**
 * tithe_provenance_to_json:
 * @options: of an export
 * @n_images: that it has
 * @sum: of what it wrote
 * @contents: (nullable): of the pictures that it wrote, by class
 *
 * Returns: (transfer full): the provenance file; there is no time in it, so that the same export has the same
 */
char *
tithe_provenance_to_json (const TitheProvenance *self, const TitheExportOptions *options, gsize n_images,
                          const char *sum, const char *const *contents)
{
  g_autoptr (JsonBuilder) builder = tithe_json_begin ();
  g_autofree char *text = NULL;

  tithe_json_add_text (builder, "tithe", TITHE_VERSION);
  add_path (builder, "session", self->session);
  tithe_json_begin_object (builder, "dataset");
  add_path (builder, "path", self->dataset);
  tithe_json_add_text (builder, "fingerprint", self->dataset_fingerprint);
  json_builder_end_object (builder);
  tithe_json_begin_object (builder, "embedding");
  add_path (builder, "path", self->embedding);
  tithe_json_add_text (builder, "fingerprint", self->embedding_fingerprint);
  tithe_json_add_text (builder, "origin", self->embedding_origin);
  json_builder_end_object (builder);
  tithe_json_add_text (builder, "linkage", self->linkage);
  add_subset (builder, self);
  add_export (builder, options, n_images, sum, contents);
  text = tithe_json_end (builder, TRUE);
  return g_strconcat (text, "\n", NULL);
}

/* --- reading --- */

static char *
dup_text (JsonObject *object, const char *name)
{
  return g_strdup (tithe_json_get_string (object, name));
}

static char *
dup_path (JsonObject *object, const char *name)
{
  const char *text = tithe_json_get_string (object, name);

  return text ? tithe_name_unescape (text) : NULL;
}

/* A member's value as text. */
typedef char *(*DupValue) (JsonObject *object, const char *name);

static char *
dup_number (JsonObject *object, const char *name)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_dtostr (text, sizeof text, tithe_json_get_double (object, name, 0)));
}

static char *
dup_text_or_none (JsonObject *object, const char *name)
{
  char *text = dup_text (object, name);

  return text ? text : g_strdup ("");
}

/* Names of members, each followed by its value. */
static char **
dup_members (JsonObject *object, DupValue dup_value)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GList) names = object ? json_object_get_members (object) : NULL;

  if (object == NULL)
    return NULL;
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_ptr_array_add (pairs, g_strdup (l->data));
      g_ptr_array_add (pairs, dup_value (object, l->data));
    }
  g_ptr_array_add (pairs, NULL);
  return (char **) g_ptr_array_steal (pairs, NULL);
}

static gboolean
read_subset (TitheProvenance *self, JsonObject *object)
{
  self->choice.ratio = tithe_json_get_double (object, "ratio", 0);
  self->threshold = tithe_json_get_double (object, "threshold", -1);
  self->choice.exact = tithe_json_get_boolean (object, "exact");
  self->class_ratios = dup_members (tithe_json_get_object (object, "class_ratios"), dup_number);
  return ((self->choice.ratio > 0 && self->choice.ratio <= 1)
          || (self->choice.ratio == 0 && self->threshold >= 0 && self->threshold <= 2))
         && tithe_policy_from_string (tithe_json_get_string (object, "policy"), &self->choice.policy)
         && tithe_representative_from_string (tithe_json_get_string (object, "representative"), &self->choice.rule);
}

static const char *const *
dup_classes (JsonArray *array)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (tithe_json_item_string (array, i) != NULL)
      g_ptr_array_add (names, g_strdup (tithe_json_item_string (array, i)));
  g_ptr_array_add (names, NULL);
  return (const char *const *) g_ptr_array_steal (names, NULL);
}

static gboolean
read_export (TitheProvenance *self, JsonObject *object)
{
  const char *link = tithe_json_get_string (object, "link");

  self->sum = dup_text (object, "sha256");
  self->n_images = (gsize) tithe_json_get_int (object, "images", 0, G_MAXINT32, 0);
  self->options.classes = dup_classes (tithe_json_get_array (object, "classes"));
  self->contents = dup_members (tithe_json_get_object (object, "contents"), dup_text_or_none);
  return self->sum != NULL
         && tithe_export_format_from_string (tithe_json_get_string (object, "format"), &self->options.format)
         && tithe_export_what_from_string (tithe_json_get_string (object, "what"), &self->options.what)
         && (link == NULL || tithe_export_link_from_string (link, &self->options.link));
}

static gboolean
read_provenance (TitheProvenance *self, JsonObject *object)
{
  JsonObject *dataset = tithe_json_get_object (object, "dataset"),
             *embedding = tithe_json_get_object (object, "embedding");
  JsonObject *decisions = tithe_json_get_object (object, "decisions");

  self->program = dup_text (object, "tithe");
  self->session = dup_path (object, "session");
  self->dataset = dup_path (dataset, "path");
  self->dataset_fingerprint = dup_text (dataset, "fingerprint");
  self->embedding = dup_path (embedding, "path");
  self->embedding_fingerprint = dup_text (embedding, "fingerprint");
  self->embedding_origin = dup_text (embedding, "origin");
  self->linkage = dup_text (object, "linkage");
  self->decisions = dup_text (decisions, "fingerprint");
  self->n_decisions = (gsize) tithe_json_get_int (decisions, "steps", 0, G_MAXINT64, 0);
  self->n_rows = tithe_json_get_int (decisions, "journal_rows", 0, G_MAXINT64, 0);
  return self->program && self->session && self->dataset && self->dataset_fingerprint && self->embedding
         && self->embedding_fingerprint && self->linkage && read_subset (self, tithe_json_get_object (object, "subset"))
         && read_export (self, tithe_json_get_object (object, "export"));
}

/* When a file was written, in microseconds since 1970. */
static gint64
tell_time (const GStatBuf *st)
{
  return (gint64) st->st_mtim.tv_sec * G_USEC_PER_SEC + st->st_mtim.tv_nsec / 1000;
}

/**
 * tithe_provenance_read:
 * @path: a provenance file, or a folder with one in it
 *
 * Returns: (transfer full): what it says, or %NULL with a %TITHE_EXPORT_ERROR
 */
TitheProvenance *
tithe_provenance_read (const char *path, GError **error)
{
  g_autofree char *inside = g_build_filename (path, TITHE_PROVENANCE_NAME, NULL), *text = NULL;
  const char *file = g_file_test (path, G_FILE_TEST_IS_DIR) ? inside : path;
  g_autoptr (TitheProvenance) self = g_new0 (TitheProvenance, 1);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) local = NULL;
  GStatBuf st;
  gsize size;

  if (!g_file_get_contents (file, &text, &size, &local))
    {
      g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_SOURCE, _("cannot read “%s”: %s"), file,
                   tithe_error_get_reason (local));
      return NULL;
    }
  root = tithe_json_parse (text, size, NULL);
  if (root == NULL || !read_provenance (self, json_node_get_object (root)))
    {
      g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM,
                   _("“%s” is not a provenance file of Tithe, or a damaged one"), file);
      return NULL;
    }
  if (g_stat (file, &st) == 0)
    self->written = tell_time (&st);
  return g_steal_pointer (&self);
}

/* --- doing it again --- */

G_GNUC_PRINTF (2, 3)
static void
tell (GPtrArray *differences, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (differences, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static GHashTable *
index_paths (TitheDataset *dataset)
{
  GHashTable *paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) buffer = g_string_new (NULL);

  for (gsize i = 0; i < tithe_dataset_get_n_images (dataset); i++)
    g_hash_table_insert (paths, g_strdup (tithe_dataset_get_display_path (dataset, i, buffer)),
                         GSIZE_TO_POINTER (i + 1));
  return paths;
}

static void
name_one (GString *names, gsize n, const char *path)
{
  if (n <= MAX_NAMED)
    tithe_text_add_item (names, path);
  else if (n == MAX_NAMED + 1)
    tithe_text_add_item (names, "…");
}

/* Image by image: what is gone, what is new, what changed its size or class. */
static void
compare_datasets (TitheDataset *then, TitheDataset *now, GPtrArray *differences)
{
  g_autoptr (GHashTable) paths = index_paths (now);
  g_autoptr (GString) gone = g_string_new (NULL), changed = g_string_new (NULL), added = g_string_new (NULL);
  g_autoptr (GString) buffer = g_string_new (NULL);
  gsize n_gone = 0, n_changed = 0, n_added = 0;

  for (gsize i = 0; i < tithe_dataset_get_n_images (then); i++)
    {
      const char *name = tithe_dataset_get_display_path (then, i, buffer);
      gsize j = GPOINTER_TO_SIZE (g_hash_table_lookup (paths, name));
      const char *class_name = tithe_dataset_get_class_name (then, tithe_dataset_get_label (then, i));

      if (j == 0)
        name_one (gone, ++n_gone, name);
      else if (tithe_dataset_get_size (then, i) != tithe_dataset_get_size (now, j - 1)
               || g_strcmp0 (class_name, tithe_dataset_get_class_name (now, tithe_dataset_get_label (now, j - 1))) != 0)
        name_one (changed, ++n_changed, name);
      g_hash_table_remove (paths, name);
    }
  for (gsize i = 0; i < tithe_dataset_get_n_images (now); i++)
    {
      const char *name = tithe_dataset_get_display_path (now, i, buffer);

      if (g_hash_table_contains (paths, name))
        name_one (added, ++n_added, name);
    }
  if (n_gone > 0)
    tell (differences, ngettext ("dataset: %zu image is gone: %s", "dataset: %zu images are gone: %s", n_gone), n_gone,
          gone->str);
  if (n_changed > 0)
    tell (differences,
          ngettext ("dataset: %zu image changed its size or class: %s",
                    "dataset: %zu images changed their size or class: %s", n_changed),
          n_changed, changed->str);
  if (n_added > 0)
    tell (differences, ngettext ("dataset: %zu image is new: %s", "dataset: %zu images are new: %s", n_added), n_added,
          added->str);
}

static void
check_dataset (const TitheProvenance *self, TitheSession *session, GPtrArray *differences)
{
  TitheDataset *then = tithe_session_get_dataset (session);
  g_autoptr (TitheDataset) now = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (self->dataset_fingerprint, tithe_dataset_get_fingerprint (then)))
    {
      g_ptr_array_add (differences, g_strdup_printf (_("session: “%s” is of another dataset (fingerprint %.12s… then, "
                                                        "%.12s… now)"),
                                                     tithe_session_get_path (session), self->dataset_fingerprint,
                                                     tithe_dataset_get_fingerprint (then)));
      return;
    }
  now = tithe_dataset_open (tithe_dataset_get_locator (then), NULL, &error);
  if (now == NULL)
    g_ptr_array_add (differences, g_strdup_printf (_("dataset: %s"), error->message));
  else if (!g_str_equal (tithe_dataset_get_fingerprint (now), self->dataset_fingerprint))
    compare_datasets (then, now, differences);
}

/**
 * tithe_provenance_expect:
 * @self: of an export that is about to be made
 * @then: of the same export as it was
 *
 * The export is finished only if it comes to what it was.
 */
void
tithe_provenance_expect (TitheProvenance *self, const TitheProvenance *then)
{
  g_free (self->sum);
  g_strfreev (self->contents);
  self->sum = g_strdup (then->sum);
  self->contents = g_strdupv (then->contents);
  self->written = then->written;
}

static const char *
find_contents (const char *const *contents, const char *class_name)
{
  for (guint i = 0; contents != NULL && contents[i] != NULL; i += 2)
    if (g_str_equal (contents[i], class_name))
      return contents[i + 1];
  return NULL;
}

/* Pictures of the class whose files were touched since. */
static char *
name_touched (const TitheProvenance *self, TitheDataset *dataset, const guint32 *images, gsize n,
              const char *class_name)
{
  g_autoptr (GString) buffer = g_string_new (NULL);
  GString *names = g_string_new (NULL);
  gsize n_touched = 0;

  for (gsize i = 0; i < n && tithe_dataset_has_files (dataset); i++)
    if (g_str_equal (tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, images[i])), class_name))
      {
        g_autofree char *file = tithe_dataset_dup_file (dataset, images[i]);
        GStatBuf st;

        if (g_stat (file, &st) == 0 && tell_time (&st) > self->written)
          name_one (names, ++n_touched, tithe_dataset_get_display_path (dataset, images[i], buffer));
      }
  return g_string_free (names, FALSE);
}

/**
 * tithe_provenance_explain:
 * @self: with the contents that are expected
 * @images: (array length=n): that are exported
 * @contents: (nullable): what they came to
 *
 * Names the classes whose pictures are not what they were though they have the same names and sizes, and of these the
 * pictures whose files were written since.
 *
 * Returns: (transfer full): a sentence for a person
 */
char *
tithe_provenance_explain (const TitheProvenance *self, TitheDataset *dataset, const guint32 *images, gsize n,
                          const char *const *contents)
{
  g_autoptr (GString) classes = g_string_new (NULL);
  gsize n_classes = 0;

  for (guint i = 0; contents != NULL && contents[i] != NULL; i += 2)
    if (g_strcmp0 (find_contents ((const char *const *) self->contents, contents[i]), contents[i + 1]) != 0)
      {
        g_autofree char *touched = n_classes < MAX_NAMED ? name_touched (self, dataset, images, n, contents[i]) : NULL;
        g_autofree char *words = touched && *touched
                                     ? g_strdup_printf (_("%s (written since: %s)"), contents[i], touched)
                                     : g_strdup (contents[i]);

        name_one (classes, ++n_classes, words);
      }
  if (n_classes == 0)
    return g_strdup (_("it would not have the bytes that it had"));
  return g_strdup_printf (ngettext ("the pictures of %zu class have other contents than they had: %s",
                                    "the pictures of %zu classes have other contents than they had: %s", n_classes),
                          n_classes, classes->str);
}

/**
 * tithe_provenance_replay:
 * @session: where the subset was made
 * @curation: (out) (nullable): decisions of then, which must outlive the subset
 * @differences: (element-type utf8): gets a sentence for each input that is not what it was
 *
 * Finds the subset again.
 *
 * Returns: (transfer full): the subset, or %NULL with an error where the decisions can't be read or the dataset has no
 *   class of those that had ratios of their own
 */
TitheSubset *
tithe_provenance_replay (const TitheProvenance *self, TitheSession *session, TitheCuration **curation,
                         GPtrArray *differences, GError **error)
{
  TitheHierarchy *hierarchy = tithe_session_get_hierarchy (session);
  const char *linkage, *embedding;
  TitheSubset *subset;

  *curation = NULL;
  check_dataset (self, session, differences);
  linkage = tithe_linkage_to_string (tithe_hierarchy_get_linkage (hierarchy));
  embedding = tithe_session_get_embedding_fingerprint (session);
  if (g_strcmp0 (self->linkage, linkage) != 0)
    tell (differences, _("linkage: it was %s and is %s"), self->linkage, linkage);
  if (g_strcmp0 (self->embedding_fingerprint, embedding) != 0)
    tell (differences, _("embedding, fingerprint: it was %s and is %s"), self->embedding_fingerprint, embedding);
  if (self->decisions != NULL)
    {
      g_autofree char *fingerprint = NULL;

      *curation = tithe_session_open_past_curation (session, self->n_rows, error);
      if (*curation == NULL)
        return NULL;
      fingerprint = tithe_curation_dup_fingerprint (*curation);
      if (g_strcmp0 (self->decisions, fingerprint) != 0)
        tell (differences, _("decisions by hand, fingerprint: it was %s and is %s"), self->decisions, fingerprint);
    }
  subset = tithe_subset_new (hierarchy, *curation);
  if (!tithe_subset_ask (subset, &self->choice, self->threshold, (const char *const *) self->class_ratios, error))
    g_clear_pointer (&subset, tithe_subset_free);
  return subset;
}
