/* SPDX-License-Identifier: MIT */
#include "tithe-group-layout.h"

#define MARGIN TITHE_GROUP_LAYOUT_MARGIN
#define GAP TITHE_GROUP_LAYOUT_GAP
#define BELOW TITHE_GROUP_LAYOUT_BELOW

struct _TitheGroupLayout
{
  int edge;    /* of an image */
  int heading; /* height of one */
  int columns; /* images in a row */
  gsize n;     /* groups */
  gsize room;
  gint64 *tops; /* of each group, and of what would come after the last */
  guint32 *sizes;
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

  tithe_group_layout_set_geometry (self, 0, 1, TITHE_GROUP_LAYOUT_MIN_HEADING);
  tithe_group_layout_update (self, NULL, 0);
  return self;
}

/* tithe_group_layout_free: (transfer full) @self */
void
tithe_group_layout_free (TitheGroupLayout *self)
{
  g_free (self->tops);
  g_free (self->sizes);
  g_free (self);
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
  self->edge = edge;
  self->heading = heading;
  self->columns = MAX (1, (width - 2 * MARGIN + GAP) / (edge + GAP));
}

static gint64
count_rows (const TitheGroupLayout *self, guint32 size)
{
  return ((gint64) size + self->columns - 1) / self->columns;
}

/**
 * tithe_group_layout_update:
 * @groups: (array length=n): of which only the sizes matter; not kept
 *
 * Lays other groups out. Takes some 3 ns for each.
 */
void
tithe_group_layout_update (TitheGroupLayout *self, const TitheGroup *groups, gsize n)
{
  gint64 top = MARGIN / 2;

  if (n + 1 > self->room)
    {
      self->room = n + n / 2 + 1;
      self->tops = g_renew (gint64, self->tops, self->room);
      self->sizes = g_renew (guint32, self->sizes, self->room);
    }
  for (gsize i = 0; i < n; i++)
    {
      self->sizes[i] = groups[i].size;
      self->tops[i] = top;
      top += self->heading + count_rows (self, groups[i].size) * (self->edge + GAP) - GAP + BELOW;
    }
  self->tops[n] = top;
  self->n = n;
}

/* tithe_group_layout_get_columns: images in a row, at least 1 */
int
tithe_group_layout_get_columns (const TitheGroupLayout *self)
{
  return self->columns;
}

/* tithe_group_layout_get_height: of the whole, 0 where there are no groups */
gint64
tithe_group_layout_get_height (const TitheGroupLayout *self)
{
  return self->n > 0 ? self->tops[self->n] : 0;
}

/* tithe_group_layout_get_top: of the heading of group @index */
gint64
tithe_group_layout_get_top (const TitheGroupLayout *self, gsize index)
{
  g_return_val_if_fail (index < self->n, 0);
  return self->tops[index];
}

/**
 * tithe_group_layout_find:
 * @y: in the whole
 *
 * Returns: the last group that begins at or above a height, the first where none does; takes O(log n) time
 */
gsize
tithe_group_layout_find (const TitheGroupLayout *self, double y)
{
  gsize low = 0, high = self->n;

  while (high - low > 1)
    {
      gsize middle = low + (high - low) / 2;

      if ((double) self->tops[middle] <= y)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/**
 * tithe_group_layout_list_groups:
 * @top: in the whole
 * @bottom: of what is looked at, below @top
 * @first: (out): the first group that touches what is looked at
 * @end: (out): the one after the last, @first where none does
 *
 * Takes O(log n) time.
 */
void
tithe_group_layout_list_groups (const TitheGroupLayout *self, double top, double bottom, gsize *first, gsize *end)
{
  *first = tithe_group_layout_find (self, top);
  *end = tithe_group_layout_find (self, bottom);
  if (*end < self->n && (double) self->tops[*end] < bottom)
    ++*end;
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
  const guint32 columns = (guint32) self->columns;

  *x = MARGIN + (int) (member % columns) * (self->edge + GAP);
  *y = self->tops[index] + self->heading + (gint64) (member / columns) * (self->edge + GAP);
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
  const gint64 size = self->sizes[index];
  const double rows = (double) (self->tops[index] + self->heading), step = self->edge + GAP;
  gint64 row = top > rows ? (gint64) ((top - rows) / step) : 0;
  gint64 end = bottom > rows ? (gint64) ((bottom - rows) / step) + 1 : 0;
  gint64 begin = MIN (row * self->columns, size);

  *first = (guint32) begin;
  *n = (guint32) (MIN (end * self->columns, size) - MIN (begin, end * self->columns));
}

/* A row down, to the same column or the last image; at the end of everything it stays. */
static void
move_down (const TitheGroupLayout *self, gsize *index, guint32 *member, guint32 column)
{
  const guint32 columns = (guint32) self->columns;

  if (*member / columns < (self->sizes[*index] - 1) / columns)
    *member = MIN (*member + columns, self->sizes[*index] - 1);
  else if (*index + 1 < self->n)
    {
      guint32 size = self->sizes[++*index];

      *member = MIN (column, size - 1);
    }
}

static void
move_up (const TitheGroupLayout *self, gsize *index, guint32 *member, guint32 column)
{
  const guint32 columns = (guint32) self->columns;

  if (*member >= columns)
    *member -= columns;
  else if (*index > 0)
    {
      guint32 size = self->sizes[--*index];

      *member = MIN ((size - 1) / columns * columns + column, size - 1);
    }
}

/**
 * tithe_group_layout_move:
 * @index: (inout): group
 * @member: (inout): of it
 * @steps: images to the right, or to the left where it is negative; beyond a group's end is the next one's beginning
 * @rows: rows down, or up, over the groups' bounds
 *
 * From one image to another, as the arrow keys go. At the ends of everything it goes no further.
 */
void
tithe_group_layout_move (const TitheGroupLayout *self, gsize *index, guint32 *member, int steps, int rows)
{
  const guint32 column = *member % (guint32) self->columns;
  gint64 target;

  for (; rows > 0; rows--)
    move_down (self, index, member, column);
  for (; rows < 0; rows++)
    move_up (self, index, member, column);
  target = (gint64) *member + steps;
  if (target < 0 && *index > 0)
    target = self->sizes[--*index] - 1;
  else if (target >= self->sizes[*index] && *index + 1 < self->n)
    {
      ++*index;
      target = 0;
    }
  *member = (guint32) CLAMP (target, 0, (gint64) self->sizes[*index] - 1);
}
