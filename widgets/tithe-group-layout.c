/* SPDX-License-Identifier: MIT */
#include "tithe-group-layout.h"

#define MARGIN TITHE_GROUP_LAYOUT_MARGIN
#define GAP TITHE_GROUP_LAYOUT_GAP
#define BELOW TITHE_GROUP_LAYOUT_BELOW
#define PADDING TITHE_GROUP_LAYOUT_PADDING
#define CARD_GAP TITHE_GROUP_LAYOUT_CARD_GAP
#define CARD_BELOW TITHE_GROUP_LAYOUT_CARD_BELOW

/* Below a card's last row there is a little more than to the sides of it, as there is above the first. */
#define FOOT 2

/* A card's padding grows by no more than this to fill the line. */
#define MAX_EXTRA 4

/* A group that fits into a line has no more rows than this. */
#define MAX_ROWS 3

/* How much more a card with a row more must save: neighbours that are less high leave a hole. */
#define COST_OF_ROW 0.5

/* A heading of two or three words is so many times as wide as it is high. */
#define HEADING_ASPECT 5

typedef struct
{
  guint32 columns, rows;
} Shape;

/* Where a group is: the card's first column, and its shape. */
typedef struct
{
  guint32 line, column, size;
  Shape shape;
} Place;

/* Groups side by side. */
typedef struct
{
  gint64 top;
  gsize first; /* group */
} Line;

struct _TitheGroupLayout
{
  int width;
  int edge;              /* of an image */
  int heading;           /* height of one */
  int padding;           /* from a card's edge to its images */
  int step;              /* from one image of cards to the next */
  guint32 columns;       /* images of cards in a line */
  guint32 block_columns; /* images of a block in a line */
  GArray *shapes;        /* Shape of the card of each size that is not wider than all lines */
  gsize n;               /* groups and blocks */
  gsize n_cards;         /* groups: those before the blocks */
  gsize n_lines;
  gsize room;
  Place *places;
  Line *lines; /* and what would come after the last */
};

/**
 * tithe_group_layout_new:
 *
 * Returns: (transfer full): a layout of no groups, to be given a geometry first
 */
TitheGroupLayout *
tithe_group_layout_new (void)
{
  TitheGroupLayout *self = g_new0 (TitheGroupLayout, 1);

  self->shapes = g_array_new (FALSE, FALSE, sizeof (Shape));
  tithe_group_layout_set_geometry (self, 0, 1, TITHE_GROUP_LAYOUT_MIN_HEADING);
  tithe_group_layout_update (self, NULL, 0, 0);
  return self;
}

/* tithe_group_layout_free: (transfer full) @self */
void
tithe_group_layout_free (TitheGroupLayout *self)
{
  g_array_unref (self->shapes);
  g_free (self->places);
  g_free (self->lines);
  g_free (self);
}

/* --- the shape of a card --- */

static Shape
make_shape (guint32 size, guint32 columns)
{
  return (Shape){ columns, size / columns + (size % columns != 0) };
}

static gint64
get_card_height (const TitheGroupLayout *self, guint32 rows)
{
  return self->heading + (gint64) (rows - 1) * self->step + self->edge + self->padding + FOOT;
}

/* What packs best where the neighbours are alike: the least height of lines for each card, if there were nothing else. */
static Shape
choose_shape (const TitheGroupLayout *self, guint32 size, guint32 least)
{
  Shape best = make_shape (size, self->columns);
  double least_cost = G_MAXDOUBLE;

  for (guint32 rows = 1; rows <= MAX_ROWS; rows++)
    {
      Shape shape = make_shape (size, MAX (least, make_shape (size, rows).rows));
      double cost;

      if (shape.columns > self->columns)
        continue;
      cost = (double) (get_card_height (self, shape.rows) + CARD_BELOW) / (self->columns / shape.columns)
             * (1 + COST_OF_ROW * (shape.rows - 1));
      if (cost >= least_cost)
        continue;
      least_cost = cost;
      best = shape;
    }
  return best;
}

static Shape
get_shape (const TitheGroupLayout *self, guint32 size)
{
  return size < self->shapes->len ? g_array_index (self->shapes, Shape, size) : make_shape (size, self->columns);
}

/**
 * tithe_group_layout_set_geometry:
 * @width: of the whole; where it is too small for one image there is one in a row nevertheless
 * @edge: of an image
 * @heading: height of one
 *
 * Holds from the next tithe_group_layout_update() on.
 */
void
tithe_group_layout_set_geometry (TitheGroupLayout *self, int width, int edge, int heading)
{
  const int room = width - 2 * MARGIN + CARD_GAP, narrowest = edge + 2 * PADDING + CARD_GAP;
  guint32 least;

  if (self->width == width && self->edge == edge && self->heading == heading)
    return;
  self->width = width;
  self->edge = edge;
  self->heading = heading;
  self->columns = (guint32) MAX (1, room / narrowest);
  self->padding = PADDING + CLAMP ((room / (int) self->columns - narrowest) / 2, 0, MAX_EXTRA);
  self->step = edge + 2 * self->padding + CARD_GAP;
  least = (guint32) (HEADING_ASPECT * heading + CARD_GAP + self->step - 1) / (guint32) self->step;
  self->block_columns = (guint32) MAX (1, (width - 2 * MARGIN + GAP) / (edge + GAP));
  g_array_set_size (self->shapes, 0);
  for (guint32 size = 0; size <= self->columns * MAX_ROWS; size++)
    {
      Shape shape = choose_shape (self, size, MIN (least, self->columns));

      g_array_append_val (self->shapes, shape);
    }
}

/* --- lines --- */

static void
make_room (TitheGroupLayout *self, gsize n)
{
  if (n + 1 <= self->room)
    return;
  self->room = n + n / 2 + 1;
  self->places = g_renew (Place, self->places, self->room);
  self->lines = g_renew (Line, self->lines, self->room);
}

/**
 * tithe_group_layout_update:
 * @groups: (array length=n): of which only the sizes matter; not kept
 * @n_cards: how many of them are cards; those behind them are blocks
 *
 * Lays other groups out. Takes some 2 ns for each.
 */
void
tithe_group_layout_update (TitheGroupLayout *self, const TitheGroup *groups, gsize n, gsize n_cards)
{
  gint64 top = MARGIN / 2, below = top;
  guint32 column = self->columns, line = 0;

  make_room (self, n);
  for (gsize i = 0; i < n; i++)
    {
      const guint32 size = groups[i].size;
      const gboolean card = i < n_cards;
      const Shape shape = card ? get_shape (self, size) : make_shape (size, self->block_columns);

      if (!card || column + shape.columns > self->columns)
        {
          top = below;
          self->lines[line++] = (Line){ top, i };
          column = 0;
        }
      self->places[i] = (Place){ line - 1, column, size, shape };
      column += shape.columns;
      below = MAX (below, top
                              + (card ? get_card_height (self, shape.rows) + CARD_BELOW
                                      : self->heading + (gint64) shape.rows * (self->edge + GAP) - GAP + BELOW));
    }
  self->lines[line] = (Line){ below, n };
  self->n = n;
  self->n_cards = n_cards;
  self->n_lines = line;
}

/* tithe_group_layout_get_height: of the whole, 0 where there are no groups */
gint64
tithe_group_layout_get_height (const TitheGroupLayout *self)
{
  const gint64 end = self->lines[self->n_lines].top;

  if (self->n == 0)
    return 0;
  return self->n > self->n_cards ? end : end - CARD_BELOW + BELOW;
}

/* tithe_group_layout_get_top: of the heading of group @index */
gint64
tithe_group_layout_get_top (const TitheGroupLayout *self, gsize index)
{
  g_return_val_if_fail (index < self->n, 0);
  return self->lines[self->places[index].line].top;
}

/* The last line that begins at or above a height, the first where none does. */
static gsize
find_line (const TitheGroupLayout *self, double y)
{
  gsize low = 0, high = self->n_lines;

  while (high - low > 1)
    {
      gsize middle = low + (high - low) / 2;

      if ((double) self->lines[middle].top <= y)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/**
 * tithe_group_layout_find:
 * @y: in the whole
 *
 * Returns: the first group of the last line that begins at or above a height, of the first where none does; takes O(log n)
 *   time
 */
gsize
tithe_group_layout_find (const TitheGroupLayout *self, double y)
{
  return self->lines[find_line (self, y)].first;
}

/**
 * tithe_group_layout_list_groups:
 * @top: in the whole
 * @bottom: of what is looked at, below @top
 * @first: (out): the first group of a line that touches what is looked at
 * @end: (out): the one after the last, @first where none does
 *
 * Takes O(log n) time.
 */
void
tithe_group_layout_list_groups (const TitheGroupLayout *self, double top, double bottom, gsize *first, gsize *end)
{
  gsize line = find_line (self, bottom);

  if (line < self->n_lines && (double) self->lines[line].top < bottom)
    line++;
  *first = tithe_group_layout_find (self, top);
  *end = self->lines[line].first;
}

/* --- images --- */

/* tithe_group_layout_get_step: from one image of group @index to the next, either way */
int
tithe_group_layout_get_step (const TitheGroupLayout *self, gsize index)
{
  return index < self->n_cards ? self->step : self->edge + GAP;
}

/* Of a group's first image. */
static int
get_left (const TitheGroupLayout *self, gsize index)
{
  return MARGIN + (index < self->n_cards ? self->padding + (int) self->places[index].column * self->step : 0);
}

/**
 * tithe_group_layout_place_heading:
 *
 * Returns: of a card all that it covers, as high as the highest of its line; of a block its heading alone
 */
TitheGroupBox
tithe_group_layout_place_heading (const TitheGroupLayout *self, gsize index)
{
  const Place *place = &self->places[index];
  const Line *line = &self->lines[place->line];

  if (index >= self->n_cards)
    return (TitheGroupBox){ MARGIN, MAX (1, self->width - 2 * MARGIN), self->heading, line->top };
  return (TitheGroupBox){ get_left (self, index) - self->padding,
                          (int) place->shape.columns * tithe_group_layout_get_step (self, index) - CARD_GAP,
                          (int) (line[1].top - line->top) - CARD_BELOW, line->top };
}

/**
 * tithe_group_layout_place:
 * @member: of the group
 * @x: (out): left edge of its square
 * @y: (out): upper edge
 */
void
tithe_group_layout_place (const TitheGroupLayout *self, gsize index, guint32 member, int *x, gint64 *y)
{
  const guint32 columns = self->places[index].shape.columns;

  *x = get_left (self, index) + (int) (member % columns) * tithe_group_layout_get_step (self, index);
  *y = tithe_group_layout_get_top (self, index) + self->heading
       + (gint64) (member / columns) * tithe_group_layout_get_step (self, index);
}

/**
 * tithe_group_layout_list_members:
 * @top: in the whole
 * @bottom: of what is looked at
 * @first: (out): the first member of the group in a row that touches what is looked at
 * @n: (out): how many there are from it on, 0 for none
 */
void
tithe_group_layout_list_members (const TitheGroupLayout *self, gsize index, double top, double bottom, guint32 *first,
                                 guint32 *n)
{
  const gint64 size = self->places[index].size, columns = self->places[index].shape.columns;
  const double rows = (double) (tithe_group_layout_get_top (self, index) + self->heading);
  const double step = tithe_group_layout_get_step (self, index);
  gint64 row = top > rows ? (gint64) ((top - rows) / step) : 0;
  gint64 end = bottom > rows ? (gint64) ((bottom - rows) / step) + 1 : 0;
  gint64 begin = MIN (row * columns, size);

  *first = (guint32) begin;
  *n = (guint32) (MIN (end * columns, size) - MIN (begin, end * columns));
}

/* --- rows --- */

/**
 * tithe_group_layout_list_rows:
 * @top: in the whole
 * @bottom: of what is looked at
 * @first: (out): the first row of the group that touches what is looked at
 * @end: (out): the one after the last, at least @first
 *
 * The heading belongs to a group's first row here.
 */
void
tithe_group_layout_list_rows (const TitheGroupLayout *self, gsize index, double top, double bottom, guint32 *first,
                              guint32 *end)
{
  const guint32 rows = self->places[index].shape.rows;
  const double begin = (double) (tithe_group_layout_get_top (self, index) + self->heading);
  const double step = tithe_group_layout_get_step (self, index);

  *first = top > begin ? (guint32) MIN ((top - begin) / step, rows - 1) : 0;
  *end = bottom > begin ? (guint32) MIN ((bottom - begin) / step + 1, rows) : 1;
  *end = MAX (*first, *end);
}

/**
 * tithe_group_layout_place_row:
 * @first: (out): its first member
 * @n: (out): its members
 *
 * Returns: what a row of images covers: the first with the heading above it, the last with what of the card is below it
 */
TitheGroupBox
tithe_group_layout_place_row (const TitheGroupLayout *self, gsize index, guint32 row, guint32 *first, guint32 *n)
{
  const Place *place = &self->places[index];
  const int step = tithe_group_layout_get_step (self, index);
  TitheGroupBox box = tithe_group_layout_place_heading (self, index);
  gint64 top = box.y + (row == 0 ? 0 : self->heading + (gint64) row * step), bottom = box.y + box.height;

  if (index >= self->n_cards || row + 1 < place->shape.rows)
    bottom = box.y + self->heading + (gint64) (row + 1) * step;
  *first = row * place->shape.columns;
  *n = MIN (place->shape.columns, place->size - *first);
  return (TitheGroupBox){ box.x, box.width, (int) (bottom - top), top };
}

/* --- from one image to another --- */

/* The image of a row that is nearest to a place from the left. */
static guint32
find_in_row (const TitheGroupLayout *self, gsize index, guint32 row, int x, int *distance)
{
  const Place *place = &self->places[index];
  const int step = tithe_group_layout_get_step (self, index), left = get_left (self, index);
  const guint32 first = row * place->shape.columns;
  const int last = (int) MIN (place->shape.columns, place->size - first) - 1;
  const int column = x <= left ? 0 : MIN ((x - left + step / 2) / step, last);

  *distance = ABS (left + column * step - x);
  return first + (guint32) column;
}

static guint32
get_last_row (const TitheGroupLayout *self, gsize index)
{
  return self->places[index].shape.rows - 1;
}

/* The image of a line that is nearest, in the lowest row of each group or in the highest. */
static void
find_in_line (const TitheGroupLayout *self, gsize line, gboolean lowest, int x, gsize *index, guint32 *member)
{
  int least = G_MAXINT;

  for (gsize i = self->lines[line].first; i < self->lines[line + 1].first; i++)
    {
      int distance;
      guint32 found = find_in_row (self, i, lowest ? get_last_row (self, i) : 0, x, &distance);

      if (distance >= least)
        continue;
      least = distance;
      *index = i;
      *member = found;
    }
}

/* A row down, to what is nearest there; at the end of everything it stays. */
static void
move_down (const TitheGroupLayout *self, gsize *index, guint32 *member, int x)
{
  const Place *place = &self->places[*index];
  const guint32 row = *member / place->shape.columns;
  int distance;

  if (row < get_last_row (self, *index))
    *member = find_in_row (self, *index, row + 1, x, &distance);
  else if (place->line + 1 < self->n_lines)
    find_in_line (self, place->line + 1, FALSE, x, index, member);
}

static void
move_up (const TitheGroupLayout *self, gsize *index, guint32 *member, int x)
{
  const Place *place = &self->places[*index];
  const guint32 row = *member / place->shape.columns;
  int distance;

  if (row > 0)
    *member = find_in_row (self, *index, row - 1, x, &distance);
  else if (place->line > 0)
    find_in_line (self, place->line - 1, TRUE, x, index, member);
}

/**
 * tithe_group_layout_move:
 * @index: (inout): group
 * @member: (inout): of it
 * @steps: images to the right, or to the left where it is negative; beyond a group's end is the next one's beginning
 * @rows: rows down, or up, over the groups' bounds, each time to what is nearest to the place that it began at
 *
 * From one image to another, as the arrow keys go. At the ends of everything it goes no further.
 */
void
tithe_group_layout_move (const TitheGroupLayout *self, gsize *index, guint32 *member, int steps, int rows)
{
  gint64 target, y;
  int x;

  tithe_group_layout_place (self, *index, *member, &x, &y);
  for (; rows > 0; rows--)
    move_down (self, index, member, x);
  for (; rows < 0; rows++)
    move_up (self, index, member, x);
  target = (gint64) *member + steps;
  if (target < 0 && *index > 0)
    target = self->places[--*index].size - 1;
  else if (target >= self->places[*index].size && *index + 1 < self->n)
    {
      ++*index;
      target = 0;
    }
  *member = (guint32) CLAMP (target, 0, (gint64) self->places[*index].size - 1);
}
