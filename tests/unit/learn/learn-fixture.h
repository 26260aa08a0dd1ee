/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/tithe-learn.h"
#include "fixture.h"

G_BEGIN_DECLS

/* A folder with a dataset in it, and ways to learn from it that take no time. */
typedef struct
{
  char *folder;
  TitheDataset *dataset;
} LearnFixture;

void              learn_fixture_set_up      (LearnFixture *self, gconstpointer data);
void              learn_fixture_tear_down   (LearnFixture *self, gconstpointer data);
void              learn_fixture_make_images (LearnFixture *self, guint n_classes, guint n_images);
void              learn_fixture_open_images (LearnFixture *self);
TitheLearnOptions learn_fixture_options     (void);
TitheParameter   *learn_fixture_find        (TitheNetwork *network, const char *prefix, const char *name);
void              learn_fixture_write_lie   (LearnFixture *self, const char *name, const char *contents, gsize size,
                                             const char *from, const char *to);
gboolean          learn_fixture_write_odd   (LearnFixture *self, const char *name, guint which);
void              learn_fixture_keep_epoch  (const TitheEpoch *epoch, gpointer last);

#define LEARN_ADD(path, function) \
  g_test_add (path, LearnFixture, NULL, learn_fixture_set_up, function, learn_fixture_tear_down)

G_END_DECLS
