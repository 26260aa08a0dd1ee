/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every value is finite; FLT_MAX stands for "none". The loops are written so that the compiler makes vector code of
 * them, a version for each generation of processors; what they compute is the same in all of them to the bit. */

float tithe_kernel_min (const float *x, gsize n);
float tithe_kernel_min_sum (const float *x, const float *y, gsize n);
gsize tithe_kernel_find (const float *x, gsize n, float value);
void tithe_kernel_dissimilarities (float *x, gsize n);
void tithe_kernel_nearest_columns (const float *x, gsize n, guint32 row, float *value, guint32 *index);
void tithe_kernel_max_rows (float *a, const float *b, gsize n);
void tithe_kernel_min_rows (float *a, const float *b, gsize n);
void tithe_kernel_mean_rows (float *a, const float *b, float weight_a, float weight_b, gsize n);
float tithe_kernel_product (const float *x, const float *y, gsize n);
void tithe_kernel_gather (const float *row, const guint32 *columns, float *out, gsize n);

G_END_DECLS
