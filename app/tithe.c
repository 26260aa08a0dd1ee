/* SPDX-License-Identifier: MIT */
#include "base/tithe-language.h"
#include "window/tithe-application.h"

#include <stdio.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
  TitheApplication *application;
  int status;

  tithe_language_begin (FALSE);
  g_set_application_name ("Tithe");
  gtk_window_set_default_icon_name (TITHE_APPLICATION_ID);

  application = tithe_application_new (G_APPLICATION_DEFAULT_FLAGS);
  status = g_application_run (G_APPLICATION (application), argc, argv);
  g_object_unref (application);
  /* Jobs were cancelled but may still be in oneDNN, whose compiled code exit() would take from under them. What matters is
   * on the disk already. */
  fflush (NULL);
  _exit (status);
}
