/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"
#include "fixture.h"
#include "session/tithe-session.h"

G_BEGIN_DECLS

/* What tests of decisions share: a small session, a plain model of the rules, decisions at random. */

#define CLASSES 3
#define IMAGES 40 /* of each class */

typedef struct
{
  char *folder, *session;
  TitheHierarchy *hierarchy;
  TitheCuration *curation;
  TitheSubset *subset;
} CurationFixture;

void           curation_set_up                   (CurationFixture *fixture, gconstpointer data);
void           curation_tear_down                (CurationFixture *fixture, gconstpointer data);
TitheCuration *curation_open                     (CurationFixture *fixture);
void           curation_check_against_the_rules  (CurationFixture *fixture);
void           curation_decide_at_random         (TitheCuration *curation, GRand *rand, GError **error);
void           curation_mark                     (TitheCuration *curation, guint32 node, TitheMark which);
void           curation_assert_same              (TitheCuration *a, TitheCuration *b);
char          *curation_subset_to_text           (TitheSubset *subset, double ratio);

G_END_DECLS
