/* SPDX-License-Identifier: MIT */
#include "base/tithe-byte-order.h"

#include <string.h>

static void
test_turns_each_number_around (void)
{
  const guint8 bytes[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
  const guint8 by_four[] = { 4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13 };
  const guint8 by_eight[] = { 8, 7, 6, 5, 4, 3, 2, 1, 16, 15, 14, 13, 12, 11, 10, 9 };
  guint8 turned[16];

  tithe_byte_order_reverse (turned, bytes + 1, 4, 4);
  g_assert_cmpmem (turned, 16, by_four, 16);
  tithe_byte_order_reverse (turned, bytes + 1, 2, 8);
  g_assert_cmpmem (turned, 16, by_eight, 16);
  tithe_byte_order_reverse (turned, bytes + 1, 16, 1);
  g_assert_cmpmem (turned, 16, bytes + 1, 16);
}

static void
test_turns_in_place (void)
{
  guint32 numbers[] = { 0x01020304, 0x05060708 };

  tithe_byte_order_reverse (numbers, numbers, 2, sizeof *numbers);
  g_assert_cmphex (numbers[0], ==, 0x04030201);
  g_assert_cmphex (numbers[1], ==, 0x08070605);
}

static void
test_files_are_little_endian (void)
{
  const guint32 numbers[] = { 1, 0x0a0b0c0d };
  const double one = 1;
  const guint8 file[] = { 1, 0, 0, 0, 0x0d, 0x0c, 0x0b, 0x0a }, one_in_file[] = { 0, 0, 0, 0, 0, 0, 0xf0, 0x3f };
  g_autoptr (GBytes) own = g_bytes_new_static (numbers, sizeof numbers);
  g_autoptr (GBytes) converted = tithe_byte_order_convert (own, sizeof *numbers);
  guint32 back[2];
  guint8 out[8];

  tithe_byte_order_copy (out, numbers, 2, sizeof *numbers);
  g_assert_cmpmem (out, 8, file, 8);
  tithe_byte_order_copy (back, file, 2, sizeof *back);
  g_assert_cmpmem (back, 8, numbers, 8);
  tithe_byte_order_copy (out, &one, 1, sizeof one);
  g_assert_cmpmem (out, 8, one_in_file, 8);
  g_assert_cmpmem (g_bytes_get_data (converted, NULL), g_bytes_get_size (converted), file, 8);
  tithe_byte_order_copy (out, NULL, 0, 4);
}

/* More than are turned at once. The sum is that of the numbers 0 to 2,999, four bytes each, the lowest first. */
static void
test_sums_are_of_files (void)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint32 numbers[3000];

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = i;
  tithe_byte_order_checksum (sum, numbers, G_N_ELEMENTS (numbers), sizeof *numbers);
  g_assert_cmpstr (g_checksum_get_string (sum), ==, "4f1d9d3f3961a83278f6828a405bb212f99530efabde1c7f245cf4118367d2c3");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/byte-order/turns-each-number-around", test_turns_each_number_around);
  g_test_add_func ("/byte-order/turns-in-place", test_turns_in_place);
  g_test_add_func ("/byte-order/files-are-little-endian", test_files_are_little_endian);
  g_test_add_func ("/byte-order/sums-are-of-files", test_sums_are_of_files);
  return g_test_run ();
}
