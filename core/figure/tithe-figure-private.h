/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-figure.h"
#include "curate/tithe-histogram.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* Names of classes next to bars: more classes have bars without. */
#define MAX_ROWS 40
/* Height of a bar with its name. */
#define ROW 18.0
/* Lines that one can tell from a smear: of more classes every so-manieth has one. */
#define MAX_LINES 200

/* Where the axis of counts begins, so that a bar of one group has a height. */
#define LEAST 0.6

typedef struct
{
  double x, y;
  double error; /* of y, 0 where there is none to draw */
} Point;

typedef struct
{
  char *name;
  GArray *points; /* (nullable): Point, by x; NULL where there is no line */
  double value;   /* of a bar */
} Series;

typedef struct
{
  double low, high;
  gboolean logarithmic;
} Axis;

struct _TitheFigure
{
  TitheFigureKind kind;
  Series *series;
  guint n;
  guint stride; /* from one class with a line to the next */
  guint *order; /* bars from the top */
  int class_index;      /* whose sizes they are, or -1 */
  TitheHistogram sizes; /* of groups */
  double ratio;
  Axis x, y;
  double left, top, width, height; /* of the plot, as it was drawn last */
};

/* Whether it has a bar for each class. */
static inline gboolean
has_class_bars (const TitheFigure *self)
{
  return self->kind == TITHE_FIGURE_REDUNDANCY || self->kind == TITHE_FIGURE_CUT || self->kind == TITHE_FIGURE_KEPT;
}

G_END_DECLS
