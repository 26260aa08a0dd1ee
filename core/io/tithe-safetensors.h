/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-matrix.h"

G_BEGIN_DECLS

/**
 * TitheSafetensors:
 *
 * A file of named tensors as others write it, opened for reading: the little-endian length of a header, the header as JSON,
 * the numbers. This is the one place that reads such headers. When it is open, every tensor in it has been held against
 * the file: types, sizes and places are what they say, and no two tensors share a byte. What is wrong is said as "“PATH” is
 * not a sound safetensors file: why", a %TITHE_MATRIX_ERROR_FORMAT.
 */
typedef struct _TitheSafetensors TitheSafetensors;

#define TITHE_TENSOR_MAX_DIMS 8

/**
 * TitheTensor:
 * @name: as the file has it
 * @dtype: such as F32
 * @data: (array length=n_bytes): in the file, maybe not aligned; little-endian, row-major
 *
 * Belongs to its file.
 */
typedef struct
{
  const char *name;
  const char *dtype;
  guint n_dims;
  guint64 dims[TITHE_TENSOR_MAX_DIMS];
  const guint8 *data;
  gsize n_bytes;
} TitheTensor;

TitheSafetensors  *tithe_safetensors_new       (GBytes *bytes, const char *path, GError **error);
void               tithe_safetensors_free      (TitheSafetensors *self);
guint              tithe_safetensors_get_n     (TitheSafetensors *self);
const TitheTensor *tithe_safetensors_get       (TitheSafetensors *self, guint index);
const TitheTensor *tithe_safetensors_find      (TitheSafetensors *self, const char *name);
gsize              tithe_safetensors_get_size  (TitheSafetensors *self);
const char        *tithe_safetensors_get_text  (TitheSafetensors *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheSafetensors, tithe_safetensors_free)

/**
 * TitheSafetensorsWriter:
 *
 * The same file on its way to the disk: first texts, then tensors of float32, in the order in which they are added.
 */
typedef struct _TitheSafetensorsWriter TitheSafetensorsWriter;

TitheSafetensorsWriter *tithe_safetensors_writer_new        (void);
void                    tithe_safetensors_writer_free       (TitheSafetensorsWriter *self);
void                    tithe_safetensors_writer_add_text   (TitheSafetensorsWriter *self, const char *name,
                                                             const char *text);
void                    tithe_safetensors_writer_add_tensor (TitheSafetensorsWriter *self, const char *name, guint n_dims,
                                                             const gint64 *dims, const float *values);
GBytes                 *tithe_safetensors_writer_finish     (TitheSafetensorsWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheSafetensorsWriter, tithe_safetensors_writer_free)

G_END_DECLS
