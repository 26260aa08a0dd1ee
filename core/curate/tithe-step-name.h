/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TitheStepName:
 *
 * What a person did. A journal has it in English, whatever language it was done in, and another program shows it in its own.
 */
typedef enum
{
  TITHE_STEP_NAME_KEEP, /* so many images, and so on */
  TITHE_STEP_NAME_DISCARD,
  TITHE_STEP_NAME_REPRESENT,
  TITHE_STEP_NAME_LEAVE,
  TITHE_STEP_NAME_SPLIT, /* so many groups */
  TITHE_STEP_NAME_MERGE,
  TITHE_STEP_NAME_REVIEW,
  TITHE_STEP_NAME_NOT_REVIEW,
  TITHE_STEP_NAME_LARGEST, /* by a rule, and so on */
  TITHE_STEP_NAME_SHARPEST,
  TITHE_STEP_NAME_DISCARD_OTHERS,
  TITHE_STEP_NAME_AT_LEAST,       /* so many of each class */
  TITHE_STEP_NAME_PROTECT_CLASS,  /* of a name, and so on */
  TITHE_STEP_NAME_PROTECT_FOLDER,
  TITHE_STEP_NAME_PROTECT_LIST,
  TITHE_STEP_NAME_CLASS_RATIO, /* of a class's name, and the next */
  TITHE_STEP_NAME_NO_CLASS_RATIO
} TitheStepName;

char *tithe_step_name_write (TitheStepName name, guint n, const char *text);
char *tithe_step_name_show  (const char *written);

G_END_DECLS
