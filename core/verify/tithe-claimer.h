/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Who works on a trial, as text that another program can make something of: “boot:namespace/process/beginning/serial”. A
 * process number means something within one boot and one process namespace alone, and only together with when the process
 * began, in clock ticks since the boot, as numbers are used again. The serial tells the connections of a program apart.
 */

/* Without a sign of life for so long, whoever can't be looked at is taken for dead. */
#define TITHE_CLAIMER_PATIENCE_S 120

char     *tithe_claimer_new     (const char *proc);
gboolean  tithe_claimer_is_gone (const char *claimer, gint64 beat, const char *proc);

G_END_DECLS
