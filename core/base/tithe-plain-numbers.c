/* SPDX-License-Identifier: MIT */
#include "tithe-plain-numbers.h"

/* Returns: (transfer full): ended by tithe_plain_numbers_end() in the same thread; the language of messages stays */
TithePlainNumbers
tithe_plain_numbers_begin (void)
{
  TithePlainNumbers self = { newlocale (LC_NUMERIC_MASK, "C", duplocale (uselocale ((locale_t) 0))), (locale_t) 0 };

  if (self.plain != (locale_t) 0)
    self.before = uselocale (self.plain);
  return self;
}

/* Goes back to how numbers were written before. */
void
tithe_plain_numbers_end (TithePlainNumbers *self)
{
  if (self->plain == (locale_t) 0)
    return;
  uselocale (self->before);
  freelocale (self->plain);
  self->plain = (locale_t) 0;
}
