/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Words that the window uses in a sense of its own. */
typedef enum
{
  TITHE_TERM_RATIO,
  TITHE_TERM_GROUP,
  TITHE_TERM_REPRESENTATIVE,
  TITHE_TERM_UNIQUE,
  TITHE_TERM_DISSIMILARITY,
  TITHE_TERM_SPREAD,
  TITHE_TERM_CUT,
  TITHE_N_TERMS
} TitheTerm;

const char *tithe_term_get_name (TitheTerm term);
const char *tithe_term_explain  (TitheTerm term);

G_END_DECLS
