/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-database.h"

G_BEGIN_DECLS

/* What an event does to the stack of steps. */
typedef enum
{
  TITHE_EVENT_DO = 'D',
  TITHE_EVENT_UNDO = 'U',
  TITHE_EVENT_REDO = 'R',
} TitheEvent;

/**
 * TitheJournal:
 *
 * The decisions of a session as they were made: rows that are only ever added to its file. A row is in the file when
 * tithe_journal_append() returns, and survives the end of the program by any means; several programs may add to one
 * journal, none of them unseen by the others.
 */
typedef struct _TitheJournal TitheJournal;

/* One row, in the order in which they were added; an answer of FALSE says that it can't be right, and ends the reading. */
typedef gboolean (*TitheJournalFunc) (TitheEvent event, const char *name, gconstpointer changes, gsize size,
                                      gpointer user_data);

TitheJournal *tithe_journal_open          (const char *session, gboolean writable, GError **error);
void          tithe_journal_free          (TitheJournal *self);
gboolean      tithe_journal_is_read_only  (TitheJournal *self);
void          tithe_journal_set_patience  (TitheJournal *self, guint milliseconds);
void          tithe_journal_set_limit     (TitheJournal *self, gint64 n_rows);
gint64        tithe_journal_get_n_rows    (TitheJournal *self);
gboolean      tithe_journal_check_identity (TitheJournal *self, const char *identity, GError **error);
gboolean      tithe_journal_has_news      (TitheJournal *self);
gboolean      tithe_journal_read          (TitheJournal *self, TitheJournalFunc func, gpointer user_data, GError **error);
gboolean      tithe_journal_append        (TitheJournal *self, TitheEvent event, const char *name, gconstpointer changes,
                                           gsize size, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheJournal, tithe_journal_free)

G_END_DECLS
