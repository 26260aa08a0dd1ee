/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TITHE_CLUSTER_ERROR (tithe_cluster_error_quark ())

typedef enum
{
  TITHE_CLUSTER_ERROR_MEMORY,  /* a class does not fit in the memory allowed */
  TITHE_CLUSTER_ERROR_FLOOR,   /* a class does not come down to its floor in the memory allowed */
  TITHE_CLUSTER_ERROR_CORRUPT, /* a stored hierarchy is damaged */
} TitheClusterError;

GQuark tithe_cluster_error_quark (void);

G_END_DECLS
