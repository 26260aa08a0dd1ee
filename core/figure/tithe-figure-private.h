/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-figure.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* Names of classes next to bars: more classes have bars without. */
#define MAX_ROWS 40
/* Height of a bar with its name. */
#define ROW 18.0

typedef struct
{
  double x, y;
  double error; /* of y, 0 where there is none to draw */
} Point;

typedef struct
{
  char *name;
  GArray *points; /* Point, by x */
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
  guint *order; /* bars from the top */
  double ratio;
  Axis x, y;
  double left, top, width, height; /* of the plot, as it was drawn last */
};

G_END_DECLS
