/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-words.h"
#include "tithe-checkpoint.h"
#include "tithe-run.h"
#include "tithe-trainer.h"

G_BEGIN_DECLS

#define TITHE_LEARN_ERROR (tithe_learn_error_quark ())

typedef enum
{
  TITHE_LEARN_ERROR_UNLABELLED, /* there is nothing to tell apart */
  TITHE_LEARN_ERROR_TOO_FEW,    /* too few pictures that can be read */
  TITHE_LEARN_ERROR_NOT_FINITE, /* a network that gives no numbers */
} TitheLearnError;

/**
 * TitheLearnPace:
 * @read: seconds that a picture takes to be read and brought to its size
 * @learn: seconds that it takes to be learned from once
 * @see: seconds that it takes to be looked at
 *
 * How fast this machine is, with all threads of a learning; 0 is not known.
 */
typedef struct
{
  double read, learn, see;
} TitheLearnPace;

/**
 * TitheLearnOptions:
 * @train: how
 * @kind: of the network
 * @depth: of the network
 * @width: channels of its first stage
 * @size: pixels of a side; 0 to choose by the pictures
 * @hold_out: whether, where the dataset has no test split, a first run goes without a tenth of each class, for a score
 * @checkpoint: (nullable): file that is written after each epoch, and another one by its name and “-held-out” for the
 *   first run; a learning of the same pictures and settings goes on from them
 * @pace: (nullable): what is known of it before; the job tells the time left by it from the beginning. What the learning finds
 *   out of it is there afterwards, of one that was cancelled, too
 */
typedef struct
{
  TitheTrainSettings train;
  TitheNetworkKind kind;
  guint depth;
  guint width;
  guint size;
  gboolean hold_out;
  const char *checkpoint;
  TitheLearnPace *pace;
} TitheLearnOptions;

/* Names of ready options, the default first; the value is the depth. */
extern const TitheWord tithe_learn_presets[];

GQuark        tithe_learn_error_quark   (void);
gboolean      tithe_learn_options_init  (TitheLearnOptions *options, const char *preset);
void          tithe_learn_choose_shape  (TitheDataset *dataset, const TitheLearnOptions *options, TitheNetworkShape *shape);
gboolean      tithe_learn_can           (TitheDataset *dataset, GError **error);
TitheNetwork *tithe_learn               (TitheDataset *dataset, const TitheLearnOptions *options, TitheEpochFunc func,
                                         gpointer user_data, GBytes **rows, TitheJob *job, GError **error);
void          tithe_learn_forget        (const TitheLearnOptions *options);
char         *tithe_learn_dup_first_checkpoint (const TitheLearnOptions *options);
char         *tithe_learn_describe      (TitheNetwork *network, TitheDataset *dataset, const TitheLearnOptions *options);
GPtrArray    *tithe_learn_list_examples (TitheDataset *dataset, const TitheTrainSettings *settings, guint size, guint epoch,
                                         guint n);
GBytes       *tithe_learn_apply         (TitheNetwork *network, TitheDataset *dataset, guint n_threads, gboolean bfloat16,
                                         TitheJob *job, GError **error);

G_END_DECLS
