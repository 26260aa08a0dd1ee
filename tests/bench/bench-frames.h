/* SPDX-License-Identifier: MIT */
#pragma once

#include "window/tithe-window.h"

G_BEGIN_DECLS

/**
 * BenchScript:
 * @phases: (array zero-terminated=1): names; in the first the dataset is opened
 * @n_frames: of each phase but the first
 * @begin: what a phase begins with; for the first one, before anything is opened
 * @act: one step of what a person does, as the handlers of the frame would do it; not in the first phase
 *
 * What is done with the real window, frame by frame.
 */
typedef struct
{
  const char *const *phases;
  guint n_frames;
  void (*begin) (TitheWindow *window, guint phase, gpointer data);
  void (*act) (TitheWindow *window, guint phase, guint frame, gpointer data);
} BenchScript;

int bench_frames_run (const BenchScript *script, gpointer data, const char *dataset, const char *features);

G_END_DECLS
