/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * A disk that fails. Linked into a test, or preloaded into a program, it stands before readdir(), read() and pread():
 * where FAULTY_DISK_PATH is set, folders and files whose path has it as a part give EIO after FAULTY_DISK_AFTER names
 * or bytes.
 */
#define FAULTY_DISK_PATH "FAULTY_DISK_PATH"
#define FAULTY_DISK_AFTER "FAULTY_DISK_AFTER"

void faulty_disk_set   (const char *path, unsigned after);
void faulty_disk_clear (void);
