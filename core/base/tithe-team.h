/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TITHE_TEAM_ERROR (tithe_team_error_quark ())

typedef enum
{
  TITHE_TEAM_ERROR_MISSING,   /* started several times, and built without MPI */
  TITHE_TEAM_ERROR_APART,     /* started several times by an MPI that is not the one it was built with */
  TITHE_TEAM_ERROR_ALONE,     /* what is asked for is not shared out */
  TITHE_TEAM_ERROR_DIFFERENT, /* does not see what rank 0 sees */
  TITHE_TEAM_ERROR_ELSEWHERE, /* another rank failed, and says so */
} TitheTeamError;

/**
 * TitheTeam:
 *
 * The processes, on one machine or many, that do one piece of work together: as many as mpirun or srun started, else one.
 * Rank 0 is the one that speaks and writes. What has every rank in its name or description is called by all of them, in
 * the same order, from the main thread. A rank that dies takes the others with it: mpirun sees to that.
 */
typedef struct _TitheTeam TitheTeam;

GQuark     tithe_team_error_quark  (void);

guint      tithe_team_get_started  (guint *rank);

TitheTeam *tithe_team_join         (GError **error);
void       tithe_team_leave        (TitheTeam *self);

guint      tithe_team_get_rank     (TitheTeam *self);
guint      tithe_team_get_size     (TitheTeam *self);
guint      tithe_team_get_n_beside (TitheTeam *self);

void       tithe_team_share        (const guint64 *costs, guint n, guint size, guint *owners);
gboolean   tithe_team_agree        (TitheTeam *self, gboolean ok, GError **error);
gboolean   tithe_team_is_same      (TitheTeam *self, const char *text);
GPtrArray *tithe_team_gather       (TitheTeam *self, GBytes *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheTeam, tithe_team_leave)

G_END_DECLS
