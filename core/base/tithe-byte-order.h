/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Numbers in files that Tithe writes, and those that fingerprints are made of, are little-endian on every machine: a session,
 * features or a network of one machine are those of any other. Numbers in memory are in the machine's own order; what goes
 * from one to the other goes through here.
 */

void    tithe_byte_order_reverse  (gpointer to, gconstpointer from, gsize n, gsize width);
void    tithe_byte_order_copy     (gpointer to, gconstpointer from, gsize n, gsize width);
GBytes *tithe_byte_order_convert  (GBytes *numbers, gsize width);
void    tithe_byte_order_checksum (GChecksum *sum, gconstpointer numbers, gsize n, gsize width);

G_END_DECLS
