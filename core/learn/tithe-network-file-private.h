/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-network-file.h"

G_BEGIN_DECLS

/* What a network's file and a checkpoint have in common. */

gboolean                tithe_network_file_refuse          (const char *path, GError **error, const char *format, ...)
                                                            G_GNUC_PRINTF (3, 4);
TitheSafetensors       *tithe_network_file_open            (const char *path, GError **error);
const char             *tithe_network_file_get_text        (TitheSafetensors *file, const char *name);
gboolean                tithe_network_file_read_tensor     (TitheSafetensors *file, const char *prefix,
                                                            const TitheParameter *parameter, float *values,
                                                            const char *path, GError **error);
gboolean                tithe_network_file_read_parameters (TitheSafetensors *file, TitheNetwork *network, const char *path,
                                                            GError **error);

TitheSafetensorsWriter *tithe_network_file_begin           (TitheNetwork *network);
void                    tithe_network_file_add_tensor      (TitheSafetensorsWriter *writer, const char *prefix,
                                                            const TitheParameter *parameter, const float *values);
void                    tithe_network_file_add_parameters  (TitheSafetensorsWriter *writer, TitheNetwork *network);
gboolean                tithe_network_file_end             (TitheSafetensorsWriter *writer, const char *path,
                                                            GError **error);

G_END_DECLS
