/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-window.h"

#include "background/tithe-learner.h"
#include "background/tithe-task.h"
#include "pages/tithe-verify-page.h"
#include "tithe-banner.h"
#include "tithe-coach.h"
#include "tithe-fold-bin.h"
#include "tithe-job-bar.h"
#include "tithe-learn-panel.h"

G_BEGIN_DECLS

/*
 * The window over several files: what opens something (-open), what is dropped on it (-drop), what is written (-export), and
 * learning (-learn), what can't be used (-trouble), what is told to whoever is here for the first time (-coach), and what is
 * around the pages: header, switcher and size (-frame). Each adds its own actions.
 */
struct _TitheWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkStack *stack;
  AdwViewStack *views; /* what the stack shows of a dataset */
  TitheFoldBin *header;
  AdwViewSwitcher *switcher;
  AdwViewSwitcherBar *switcher_bar;
  GtkWidget *subtitle, *open_button, *review_buttons, *export_button, *menu_button, *job_revealer;
  GMenu *narrow_section, *open_menu;
  TitheReviewPage *page;
  TitheVerifyPage *verify;
  TitheJobBar *job_bar;
  TitheLearnPanel *learn_panel;
  GtkWidget *hint, *learn_revealer, *learn_button, *switch_bar;
  GtkLabel *hint_label, *switch_label;
  TitheBanner *refused_banner, *trouble_banner;

  TitheProject *project;
  TitheLearner *learner;
  GPtrArray *exporting;    /* TitheTask, the newest last */
  TitheTask *checking;     /* (nullable): pictures */
  GPtrArray *broken;       /* (nullable) (element-type utf8): pictures that can't be read, once it is known */
  TitheBookmark *bookmark; /* (nullable): for what is being opened */
  gboolean switched;       /* to another space: what is looked at stays, whatever was in that session before */
  double ratio;            /* that was asked for, or 0 */
  gboolean verify_wanted;  /* as soon as there is a session */
  TitheCoach *coach;       /* (nullable): over the page, once it was wanted */
  guint coach_source;      /* looks whether there is something to tell of */
  guint n_looks;
  gboolean without_coach;
};

void        tithe_window_say                (TitheWindow *self, const char *message, gboolean undoable);
void        tithe_window_show_failure       (TitheWindow *self, const char *heading, const char *message);
void        tithe_window_show_dialog        (TitheWindow *self, GtkWidget *dialog);
void        tithe_window_show_file_dialog   (TitheWindow *self, GtkFileChooserNative *dialog);
void        tithe_window_show_job           (TitheWindow *self);
void        tithe_window_set_action_enabled (TitheWindow *self, const char *name, gboolean enabled);

void        tithe_window_init_frame         (TitheWindow *self);
void        tithe_window_update_frame       (TitheWindow *self);
const char *tithe_window_get_shown          (TitheWindow *self);
void        tithe_window_show_dataset       (TitheWindow *self);
void        tithe_window_show_start         (TitheWindow *self);
void        tithe_window_set_verifying      (TitheWindow *self, gboolean verifying);
void        tithe_window_set_verifiable     (TitheWindow *self, gboolean verifiable);
void        tithe_window_save_size          (TitheWindow *self);

void        tithe_window_init_open          (TitheWindow *self);

void        tithe_window_init_drop          (TitheWindow *self);

void        tithe_window_init_export        (TitheWindow *self);
void        tithe_window_enable_exports     (TitheWindow *self, gboolean enabled);
TitheJob   *tithe_window_get_export_job     (TitheWindow *self);

void        tithe_window_init_learn         (TitheWindow *self);

void        tithe_window_init_trouble       (TitheWindow *self);

void        tithe_window_init_coach         (TitheWindow *self);
void        tithe_window_drop_coach         (TitheWindow *self);

G_END_DECLS
