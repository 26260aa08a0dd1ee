/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-words.h"
#include "curate/tithe-subset.h"
#include "verify/tithe-verify-report.h"

#include <cairo.h>

G_BEGIN_DECLS

/**
 * TitheFigureKind:
 * @TITHE_FIGURE_SIZES: how many redundant groups there are of each size, in all or of one class; counts on a logarithmic axis
 * @TITHE_FIGURE_DISSIMILARITY: the dissimilarity up to which a class's images are merged, against the ratio
 * @TITHE_FIGURE_REDUNDANCY: the share of each class that is discarded, the largest first
 * @TITHE_FIGURE_CUT: the dissimilarity at which each class is cut, in the order of classes
 * @TITHE_FIGURE_KEPT: the share of each class that is kept, in the order of classes
 * @TITHE_FIGURE_ACCURACY: accuracy after retraining against the ratio, with standard deviations; not of a subset alone
 * @TITHE_FIGURE_COVERAGE: how far discarded images are from kept ones, against the ratio; not of a subset alone, either
 */
typedef enum
{
  TITHE_FIGURE_SIZES,
  TITHE_FIGURE_DISSIMILARITY,
  TITHE_FIGURE_REDUNDANCY,
  TITHE_FIGURE_CUT,
  TITHE_FIGURE_KEPT,
  TITHE_FIGURE_ACCURACY,
  TITHE_FIGURE_COVERAGE,
} TitheFigureKind;

/* Those of a subset alone. */
#define TITHE_N_FIGURES (TITHE_FIGURE_KEPT + 1)

typedef struct
{
  double red;
  double green;
  double blue;
} TitheColour;

/**
 * TitheFigureStyle:
 * @font: family and size in points, such as "Sans 9"
 * @ink: of text and axes
 * @paper: behind everything
 * @legend: whether the classes are named next to the lines, as far as there is room
 * @highlighted: a class that stands out, or -1
 */
typedef struct
{
  const char *font;
  TitheColour ink;
  TitheColour paper;
  gboolean legend;
  int highlighted;
} TitheFigureStyle;

extern const TitheFigureStyle tithe_figure_style_print;

/**
 * TitheFigureSpot:
 * @class_index: what is there; -1 for all classes
 * @min_size: of groups, 0 where the figure has none
 * @max_size: of groups
 * @text: (owned): its values, for a person
 */
typedef struct
{
  int class_index;
  guint32 min_size;
  guint32 max_size;
  char *text;
} TitheFigureSpot;

/**
 * TitheFigure:
 *
 * A chart of a subset, drawn with Cairo into whatever there is to draw into. It has its own copy of what it shows.
 */
typedef struct _TitheFigure TitheFigure;

extern const TitheWord tithe_figure_kind_words[];

const char      *tithe_figure_kind_to_string   (TitheFigureKind kind);
gboolean         tithe_figure_kind_from_string (const char *string, TitheFigureKind *kind);
const char      *tithe_figure_kind_get_title   (TitheFigureKind kind);
TitheFigureKind  tithe_figure_kind_by_class    (TithePolicy policy);

TitheFigure *tithe_figure_new              (TitheFigureKind kind, TitheSubset *subset);
TitheFigure *tithe_figure_new_with_class   (TitheFigureKind kind, TitheSubset *subset, int class_index);
TitheFigure *tithe_figure_new_accuracy     (const TitheVerifyReport *report);
TitheFigure *tithe_figure_new_coverage     (GPtrArray *curve);
char        *tithe_figure_to_svg           (TitheFigure *self, double width, double height,
                                            const TitheFigureStyle *style);
void         tithe_figure_free             (TitheFigure *self);
double       tithe_figure_get_height       (TitheFigure *self, double width);
void         tithe_figure_draw             (TitheFigure *self, cairo_t *cr, double width, double height,
                                            const TitheFigureStyle *style);
gboolean     tithe_figure_find             (TitheFigure *self, double x, double y, TitheFigureSpot *spot);
gboolean     tithe_figure_write            (TitheFigure *self, const char *path, double width, double height,
                                            const TitheFigureStyle *style, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheFigure, tithe_figure_free)

G_END_DECLS
