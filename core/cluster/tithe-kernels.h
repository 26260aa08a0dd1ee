/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every value is finite; FLT_MAX stands for "none". The loops are written so that the compiler makes vector code of
 * them, a version for each generation of processors; what they compute is the same in all of them to the bit. */

float   tithe_kernel_min             (const float *x, gsize n);
gsize   tithe_kernel_find            (const float *x, gsize n, float value);
void    tithe_kernel_dissimilarities (float *x, gsize n);
void    tithe_kernel_nearest_columns (const float *x, gsize n, guint32 row, float *value, guint32 *index);
void    tithe_kernel_max_rows        (const float *a, const float *b, float *out, gsize n);
void    tithe_kernel_min_rows        (const float *a, const float *b, float *out, gsize n);
void    tithe_kernel_max_columns     (const float *row, const gint32 *a, const gint32 *b, float *out, gsize n);
void    tithe_kernel_min_columns     (const float *row, const gint32 *a, const gint32 *b, float *out, gsize n);
void    tithe_kernel_mean_columns    (const float *row_a, const float *row_b, float weight_a, float weight_b,
                                      const gint32 *a, const gint32 *b, const float *weights_a,
                                      const float *weights_b, float *out, gsize n);
G_END_DECLS
