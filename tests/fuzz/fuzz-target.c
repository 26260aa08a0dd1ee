/* SPDX-License-Identifier: MIT */
#include "fuzz-target.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Everything that reads bytes from strangers. */
const FuzzTarget fuzz_targets[] = {
  { "png", "picture.png", NULL, fuzz_seed_png, fuzz_read_picture },
  { "jpeg", "picture.jpg", NULL, fuzz_seed_jpeg, fuzz_read_picture },
  { "npy", "x.npy", NULL, fuzz_seed_npy, fuzz_read_embedding },
  { "npz", "x.npz", NULL, fuzz_seed_npz, fuzz_read_embedding },
  { "safetensors", "x.safetensors", NULL, fuzz_seed_safetensors, fuzz_read_embedding },
  { "record", "x.npy.json", fuzz_prepare_rows, fuzz_seed_record, fuzz_read_record },
  { "order", "paths.txt", fuzz_prepare_order, fuzz_seed_order, fuzz_read_order },
  { "csv", "m.csv", NULL, fuzz_seed_csv, fuzz_read_dataset },
  { "jsonl", "m.jsonl", NULL, fuzz_seed_jsonl, fuzz_read_dataset },
  { "cifar", "data_batch_1.bin", NULL, fuzz_seed_cifar, fuzz_read_dataset },
  { "idx-images", "train-images-idx3-ubyte", fuzz_prepare_idx_labels, fuzz_seed_idx_images, fuzz_read_dataset },
  { "idx-gzip", "train-images-idx3-ubyte.gz", fuzz_prepare_idx_labels, fuzz_seed_idx_gzip, fuzz_read_dataset },
  { "idx-labels", "train-labels-idx1-ubyte", fuzz_prepare_idx_images, fuzz_seed_idx_labels, fuzz_read_dataset },
  { "session", "s.tithe", fuzz_prepare_session, fuzz_seed_session, fuzz_read_session },
  { "session-rows", "rows", fuzz_prepare_session, fuzz_seed_classes, fuzz_read_classes },
  { "journal-rows", "rows", fuzz_prepare_session, fuzz_seed_journal, fuzz_read_journal },
  { "trial-rows", "rows", fuzz_prepare_session, fuzz_seed_trials, fuzz_read_trials },
  { "plan", "plan.json", NULL, fuzz_seed_plan, fuzz_read_plan },
  { "provenance", "provenance.json", fuzz_prepare_session, fuzz_seed_provenance, fuzz_read_provenance },
#ifdef TITHE_HAVE_LEARN
  { "network", "n.safetensors", NULL, fuzz_seed_network, fuzz_read_network },
  { "checkpoint", "n.checkpoint", NULL, fuzz_seed_checkpoint, fuzz_read_checkpoint },
#endif
  { NULL, NULL, NULL, NULL, NULL },
};

/* Temporary files are to lie in memory where they can: thousands of files and transactions wait for no disk. To be called
 * before anything else. */
void
fuzz_stay_in_memory (void)
{
  if (g_access ("/dev/shm", W_OK | X_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", TRUE);
}

/* NULL where there is no target of that name. */
const FuzzTarget *
fuzz_find (const char *name)
{
  for (const FuzzTarget *target = fuzz_targets; target->name != NULL; target++)
    if (g_str_equal (target->name, name))
      return target;
  return NULL;
}

/* The contents of a file that a seed was written to. */
GBytes *
fuzz_read_back (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *contents;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  return g_bytes_new_take (contents, size);
}

/* Hands one input to the target's reader; @folder is prepared. Returns whether it took it. */
gboolean
fuzz_one (const FuzzTarget *target, const char *folder, const guint8 *data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, target->file, NULL);
  gssize written;
  int fd;

  g_unlink (path); /* a file that is cut to nothing and written again waits for the disk */
  fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  written = write (fd, data, size);
  g_assert_cmpint (written, ==, (gssize) size);
  close (fd);
  return target->read (&(FuzzInput){ folder, path, data, size });
}
