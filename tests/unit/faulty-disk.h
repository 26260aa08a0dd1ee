/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * A disk that fails. Linked into a test, or preloaded into a program, it stands before readdir(), read() and pread():
 * where FAULTY_DISK_PATH is set, folders and files whose path has it as a part give EIO after FAULTY_DISK_AFTER names
 * or bytes. Where FAULTY_DISK_STAT is set, a file whose name has it as a part can't be asked what it is.
 */
#define FAULTY_DISK_PATH "FAULTY_DISK_PATH"
#define FAULTY_DISK_AFTER "FAULTY_DISK_AFTER"
#define FAULTY_DISK_STAT "FAULTY_DISK_STAT"

void faulty_disk_set   (const char *path, unsigned after);
void faulty_disk_clear (void);
