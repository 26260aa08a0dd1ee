/* SPDX-License-Identifier: MIT */
#include "tithe-byte-order.h"

#include <string.h>

/* Bytes that are turned at once where they are not kept. */
#define BLOCK_BYTES 4096

/**
 * tithe_byte_order_reverse:
 * @to: (out caller-allocates): @n numbers of @width bytes; @from itself, or nothing that overlaps it
 * @from: as many; need not be aligned
 * @width: up to 8
 *
 * Turns the bytes of each number around.
 */
void
tithe_byte_order_reverse (gpointer to, gconstpointer from, gsize n, gsize width)
{
  const guint8 *source = from;
  guint8 *target = to;

  g_return_if_fail (width <= 8);

  for (gsize i = 0; i < n; i++, source += width, target += width)
    {
      guint8 number[8];

      memcpy (number, source, width);
      for (gsize b = 0; b < width; b++)
        target[b] = number[width - 1 - b];
    }
}

/**
 * tithe_byte_order_copy:
 * @to: (out caller-allocates): @n numbers of @width bytes; @from itself, or nothing that overlaps it
 * @from: as many, which need not be aligned
 *
 * From the machine's order to a file's, or from a file's to the machine's: that is the same.
 */
void
tithe_byte_order_copy (gpointer to, gconstpointer from, gsize n, gsize width)
{
  if (G_BYTE_ORDER != G_LITTLE_ENDIAN)
    tithe_byte_order_reverse (to, from, n, width);
  else if (to != from && n > 0)
    memcpy (to, from, n * width);
}

/**
 * tithe_byte_order_convert:
 * @numbers: each of @width bytes
 *
 * As tithe_byte_order_copy(), but copies only where the orders differ.
 *
 * Returns: (transfer full): the numbers in the other order
 */
GBytes *
tithe_byte_order_convert (GBytes *numbers, gsize width)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (numbers, &size);
  gpointer copy;

  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    return g_bytes_ref (numbers);
  copy = g_malloc (size);
  tithe_byte_order_reverse (copy, data, size / width, width);
  return g_bytes_new_take (copy, size);
}

/**
 * tithe_byte_order_checksum:
 * @numbers: @n of them, of @width bytes each, in the machine's order
 *
 * Adds to @sum what they are in a file.
 */
void
tithe_byte_order_checksum (GChecksum *sum, gconstpointer numbers, gsize n, gsize width)
{
  guint8 block[BLOCK_BYTES];

  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    {
      if (n > 0)
        g_checksum_update (sum, numbers, (gssize) (n * width));
      return;
    }
  for (gsize i = 0; i < n; i += BLOCK_BYTES / width)
    {
      const gsize count = MIN (BLOCK_BYTES / width, n - i);

      tithe_byte_order_reverse (block, (const guint8 *) numbers + i * width, count, width);
      g_checksum_update (sum, block, (gssize) (count * width));
    }
}
