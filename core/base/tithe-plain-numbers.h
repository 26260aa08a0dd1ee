/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <locale.h>

G_BEGIN_DECLS

/**
 * TithePlainNumbers:
 *
 * Numbers in files have a decimal point, whatever language the person's is: as long as this is held, printf() and its kin
 * write numbers so in this thread. What is made for the eye alone follows the language.
 *
 *   g_auto (TithePlainNumbers) plain = tithe_plain_numbers_begin ();
 */
typedef struct
{
  locale_t plain, before;
} TithePlainNumbers;

TithePlainNumbers tithe_plain_numbers_begin (void);
void              tithe_plain_numbers_end   (TithePlainNumbers *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TithePlainNumbers, tithe_plain_numbers_end)

G_END_DECLS
