/* SPDX-License-Identifier: MIT */
#pragma once

#include "widget-fixture.h"
#include "window/tithe-application.h"
#include "window/tithe-window.h"

G_BEGIN_DECLS

/* What tests of the whole window share: the application, and a dataset with its session for each test. */

typedef struct
{
  char *folder, *images, *session;
} WindowFixture;

void window_fixture_init (int *argc, char ***argv);
int window_fixture_run (void);
AdwApplication *window_fixture_get_application (void);
void window_fixture_set_up (WindowFixture *fixture, gconstpointer data);
void window_fixture_tear_down (WindowFixture *fixture, gconstpointer data);

/* A window with the session, all of it there and drawn. */
TitheWindow *window_fixture_open (const char *session);
void window_fixture_close (TitheWindow *window);

TitheGroupView *window_fixture_get_view (TitheWindow *window);
GtkAdjustment *window_fixture_get_scroll (TitheWindow *window);
void window_fixture_act (TitheWindow *window, const char *action);
GtkWidget *window_fixture_find_label (GtkWidget *parent, const char *text);

/* What widget_fixture_wait_for() waits for; is_gone is of a weak pointer. */
gboolean window_fixture_is_settled (gpointer window);
gboolean window_fixture_has_curation (gpointer window);
gboolean window_fixture_has_session (gpointer window);
gboolean window_fixture_is_all_there (gpointer window);
gboolean window_fixture_has_step (gpointer window);
gboolean window_fixture_is_gone (gpointer pointer);

G_END_DECLS
