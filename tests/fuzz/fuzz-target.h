/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FuzzInput:
 * @folder: of the target's own, with what its reader needs there
 * @path: the input as a file in it
 * @data: (array length=size): the same in memory
 *
 * What a stranger hands in.
 */
typedef struct
{
  const char *folder;
  const char *path;
  const guint8 *data;
  gsize size;
} FuzzInput;

/**
 * FuzzTarget:
 * @name: of the target, and of the folder in tests/fuzz/corpus with its inputs
 * @file: name that the input has as a file
 * @prepare: (nullable): puts what the reader needs into the folder, once
 * @make_seed: gives an input without a fault, as the program itself writes it; called after @prepare
 * @read: may refuse the input with an error, and must do nothing else: not crash, not hang, not take memory that the
 *   input does not account for; returns whether it took the input
 *
 * One reader of bytes that come from strangers.
 */
typedef struct
{
  const char *name;
  const char *file;
  void (*prepare) (const char *folder);
  GBytes *(*make_seed) (const char *folder);
  gboolean (*read) (const FuzzInput *input);
} FuzzTarget;

extern const FuzzTarget fuzz_targets[]; /* ends with one without a name */

void              fuzz_stay_in_memory (void);
const FuzzTarget *fuzz_find      (const char *name);
gboolean          fuzz_one       (const FuzzTarget *target, const char *folder, const guint8 *data, gsize size);
GBytes           *fuzz_read_back (const char *folder, const char *name);

/* Seeds and readers of targets, in fuzz-files.c. */
GBytes *fuzz_seed_png         (const char *folder);
GBytes *fuzz_seed_jpeg        (const char *folder);
GBytes *fuzz_seed_npy         (const char *folder);
GBytes *fuzz_seed_npz         (const char *folder);
GBytes *fuzz_seed_safetensors (const char *folder);
GBytes *fuzz_seed_record      (const char *folder);
GBytes *fuzz_seed_order       (const char *folder);
GBytes *fuzz_seed_csv         (const char *folder);
GBytes *fuzz_seed_jsonl       (const char *folder);
GBytes *fuzz_seed_cifar       (const char *folder);
GBytes *fuzz_seed_idx_images  (const char *folder);
GBytes *fuzz_seed_idx_gzip    (const char *folder);
GBytes *fuzz_seed_idx_labels  (const char *folder);
GBytes *fuzz_seed_network     (const char *folder);
GBytes *fuzz_seed_checkpoint  (const char *folder);
GBytes *fuzz_seed_plan        (const char *folder);

void fuzz_prepare_rows       (const char *folder);
void fuzz_prepare_order      (const char *folder);
void fuzz_prepare_idx_images (const char *folder);
void fuzz_prepare_idx_labels (const char *folder);

gboolean fuzz_read_picture     (const FuzzInput *input);
gboolean fuzz_read_embedding   (const FuzzInput *input);
gboolean fuzz_read_record      (const FuzzInput *input);
gboolean fuzz_read_order       (const FuzzInput *input);
gboolean fuzz_read_dataset     (const FuzzInput *input);
gboolean fuzz_read_network     (const FuzzInput *input);
gboolean fuzz_read_checkpoint  (const FuzzInput *input);
gboolean fuzz_read_plan        (const FuzzInput *input);

/* Of those that are about a session, in fuzz-session.c. */
GBytes *fuzz_seed_session    (const char *folder);
GBytes *fuzz_seed_classes    (const char *folder);
GBytes *fuzz_seed_journal    (const char *folder);
GBytes *fuzz_seed_trials     (const char *folder);
GBytes *fuzz_seed_provenance (const char *folder);

void fuzz_prepare_session (const char *folder);

gboolean fuzz_read_session     (const FuzzInput *input);
gboolean fuzz_read_classes     (const FuzzInput *input);
gboolean fuzz_read_journal     (const FuzzInput *input);
gboolean fuzz_read_trials      (const FuzzInput *input);
gboolean fuzz_read_provenance  (const FuzzInput *input);

G_END_DECLS
