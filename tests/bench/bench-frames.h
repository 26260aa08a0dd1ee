/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * BenchFrames:
 *
 * How long frames take in each phase of a benchmark. A frame is what happens between the frame clock's "before-paint"
 * and "after-paint": handlers, layout and drawing; its work is the time of a processor that this took, which is what can be
 * compared on a busy machine. A pause is from the end of one frame to the end of the next, some 17 ms
 * where nothing hinders the main loop in between.
 */
typedef struct _BenchFrames BenchFrames;

BenchFrames *bench_frames_new    (GtkWidget *widget);
void         bench_frames_free   (BenchFrames *self);
void         bench_frames_begin  (BenchFrames *self, const char *phase);
void         bench_frames_report (BenchFrames *self);

G_END_DECLS
