#if defined(__aarch64__)

#include <arm_neon.h>
#include <sys/auxv.h>

#include "kernels.h"

#define DOTPROD "arch=armv8.2-a+dotprod"

enum { HAS_NEON = 8, HAS_DOTPROD = 16 };

#ifndef HWCAP_ASIMDDP
#define HWCAP_ASIMDDP (1 << 20)
#endif

EXPORT int32_t elanus_instructions(void) {
  return HAS_NEON | (getauxval(AT_HWCAP) & HWCAP_ASIMDDP ? HAS_DOTPROD : 0);
}

/* ---- Codes: squared differences, four rows at a time ---- */

INLINE(DOTPROD) uint32x4_t add_squares_dotprod(uint32x4_t sum, uint8x16_t query, uint8x16_t row) {
  uint8x16_t size = vabdq_u8(query, row);
  return vdotq_u32(sum, size, size);
}

static inline uint32x4_t add_squares_neon(uint32x4_t sum, uint8x16_t query, uint8x16_t row) {
  uint8x16_t size = vabdq_u8(query, row);
  sum = vpadalq_u16(sum, vmull_u8(vget_low_u8(size), vget_low_u8(size)));
  return vpadalq_u16(sum, vmull_high_u8(size, size));
}

#define BYTES(add, sum, query, row, at, bytes) add(sum, vld1q_u8((query) + (at)), vld1q_u8((row) + (at)))

#define NIBBLES(add, sum, query, row, at, bytes)                                      \
  add(add(sum, vld1q_u8((query) + (at)), vandq_u8(vld1q_u8((row) + (at)), vdupq_n_u8(0xf))), \
      vld1q_u8((query) + (bytes) + (at)), vshrq_n_u8(vld1q_u8((row) + (at)), 4))

/* Rows are a multiple of 64 bytes, whatever their codes. */
#define CODES(name, attribute, add, step)                                                                \
  EXPORT attribute void name(const uint8_t *first, int64_t bytes, const uint8_t *query,                  \
                             const int32_t *ordinals, int32_t count, int32_t *out) {                     \
    rows_t rows = {first, bytes, ordinals, count};                                                       \
    int32_t last = count - 1;                                                                            \
    int32_t ahead = (rows_ahead(bytes) + 3) & ~3;                                                        \
    int stream = is_stream(rows);                                                                        \
    if (!stream) prefetch_rows(rows, 0, ahead);                                                          \
    for (int32_t next = 0; next < count; next += 4) {                                                    \
      if (stream) prefetch_stream(row_at(rows, next), 4 * bytes);                                        \
      else prefetch_rows(rows, next + ahead, next + ahead + 4);                                          \
      const uint8_t *a = row_at(rows, next), *b = row_at(rows, next + 1);                                \
      const uint8_t *c = row_at(rows, next + 2), *d = row_at(rows, next + 3);                            \
      uint32x4_t sum_a = vdupq_n_u32(0), sum_b = sum_a, sum_c = sum_a, sum_d = sum_a;                    \
      for (int64_t at = 0; at < bytes; at += 16) {                                                       \
        sum_a = step(add, sum_a, query, a, at, bytes);                                                   \
        sum_b = step(add, sum_b, query, b, at, bytes);                                                   \
        sum_c = step(add, sum_c, query, c, at, bytes);                                                   \
        sum_d = step(add, sum_d, query, d, at, bytes);                                                   \
      }                                                                                                  \
      out[next] = (int32_t)vaddvq_u32(sum_a);                                                            \
      out[next + 1 < last ? next + 1 : last] = (int32_t)vaddvq_u32(sum_b);                               \
      out[next + 2 < last ? next + 2 : last] = (int32_t)vaddvq_u32(sum_c);                               \
      out[next + 3 < last ? next + 3 : last] = (int32_t)vaddvq_u32(sum_d);                               \
    }                                                                                                    \
  }

CODES(elanus_byte_codes_dotprod, TARGET(DOTPROD), add_squares_dotprod, BYTES)
CODES(elanus_nibble_codes_dotprod, TARGET(DOTPROD), add_squares_dotprod, NIBBLES)
CODES(elanus_byte_codes_neon, , add_squares_neon, BYTES)
CODES(elanus_nibble_codes_neon, , add_squares_neon, NIBBLES)

/* ---- Floats: one vector of partial sums a row, added up half by half, as Lanes.sum does ---- */

static inline float sum_4(float32x4_t v) {
  float32x2_t two = vadd_f32(vget_low_f32(v), vget_high_f32(v));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}

static inline float32x4_t part_4(const float *at, int32_t left) {
  if (left >= 4) return vld1q_f32(at);
  float four[4] = {0, 0, 0, 0};
  for (int32_t i = 0; i < left; i++) four[i] = at[i];
  return vld1q_f32(four);
}

static inline float32x4_t square_4(float32x4_t sum, float32x4_t query, float32x4_t row) {
  float32x4_t difference = vsubq_f32(query, row);
  return vfmaq_f32(sum, difference, difference);
}

static inline float32x4_t product_4(float32x4_t sum, float32x4_t query, float32x4_t row) {
  return vfmaq_f32(sum, query, row);
}

#define FLOATS(name, step)                                                                               \
  EXPORT void name(const uint8_t *first, int64_t stride, int32_t dimension, const float *query,          \
                   const int32_t *ordinals, int32_t count, float *out) {                                 \
    rows_t rows = {first, stride, ordinals, count};                                                      \
    int32_t last = count - 1;                                                                            \
    if (is_stream(rows) && stride == 4 * (int64_t)dimension) {                                           \
      for (int32_t next = 0; next < count; next++) {                                                     \
        const float *row = (const float *)row_at(rows, next);                                            \
        prefetch_stream((const uint8_t *)row, stride);                                                   \
        float32x4_t sum = vdupq_n_f32(0);                                                                \
        for (int32_t i = 0; i < dimension; i += 4) {                                                     \
          sum = step(sum, part_4(query + i, dimension - i), part_4(row + i, dimension - i));             \
        }                                                                                                \
        out[next] = sum_4(sum);                                                                          \
      }                                                                                                  \
      return;                                                                                            \
    }                                                                                                    \
    int32_t ahead = vectors_ahead(stride);                                                               \
    prefetch_rows(rows, 0, ahead);                                                                       \
    for (int32_t next = 0; next < count; next += 4) {                                                    \
      if (ahead > 0) prefetch_rows(rows, next + ahead, next + ahead + 4);                                \
      else prefetch_starts(rows, next + 4, next + 8);                                                    \
      const float *a = (const float *)row_at(rows, next), *b = (const float *)row_at(rows, next + 1);    \
      const float *c = (const float *)row_at(rows, next + 2), *d = (const float *)row_at(rows, next + 3); \
      float32x4_t sum_a = vdupq_n_f32(0), sum_b = sum_a, sum_c = sum_a, sum_d = sum_a;                   \
      for (int32_t i = 0; i < dimension; i += 4) {                                                       \
        int32_t left = dimension - i;                                                                    \
        float32x4_t q = part_4(query + i, left);                                                         \
        sum_a = step(sum_a, q, part_4(a + i, left));                                                     \
        sum_b = step(sum_b, q, part_4(b + i, left));                                                     \
        sum_c = step(sum_c, q, part_4(c + i, left));                                                     \
        sum_d = step(sum_d, q, part_4(d + i, left));                                                     \
      }                                                                                                  \
      out[next] = sum_4(sum_a);                                                                          \
      out[next + 1 < last ? next + 1 : last] = sum_4(sum_b);                                             \
      out[next + 2 < last ? next + 2 : last] = sum_4(sum_c);                                             \
      out[next + 3 < last ? next + 3 : last] = sum_4(sum_d);                                             \
    }                                                                                                    \
  }

FLOATS(elanus_squared_l2_4, square_4)
FLOATS(elanus_dot_4, product_4)

/* ---- Floats: four queries, one after the other, by two rows at a time ---- */

#define BLOCKS(name, step)                                                                               \
  EXPORT void name(const uint8_t *first, int64_t stride, int32_t dimension, const float *queries,        \
                   const int32_t *ordinals, int32_t count, float *out) {                                 \
    rows_t rows = {first, stride, ordinals, count};                                                      \
    int32_t last = count - 1;                                                                            \
    for (int32_t next = 0; next < count; next += 2) {                                                    \
      const float *a = (const float *)row_at(rows, next), *b = (const float *)row_at(rows, next + 1);    \
      float32x4_t sums_a[4], sums_b[4];                                                                  \
      for (int32_t q = 0; q < 4; q++) sums_a[q] = sums_b[q] = vdupq_n_f32(0);                            \
      for (int32_t i = 0; i < dimension; i += 4) {                                                       \
        int32_t left = dimension - i;                                                                    \
        float32x4_t row_a = part_4(a + i, left), row_b = part_4(b + i, left);                            \
        for (int32_t q = 0; q < 4; q++) {                                                                \
          float32x4_t query = part_4(queries + (int64_t)q * dimension + i, left);                        \
          sums_a[q] = step(sums_a[q], query, row_a);                                                     \
          sums_b[q] = step(sums_b[q], query, row_b);                                                     \
        }                                                                                                \
      }                                                                                                  \
      int32_t other = next + 1 < last ? next + 1 : last;                                                 \
      for (int32_t q = 0; q < 4; q++) {                                                                  \
        out[(int64_t)q * count + next] = sum_4(sums_a[q]);                                               \
        out[(int64_t)q * count + other] = sum_4(sums_b[q]);                                              \
      }                                                                                                  \
    }                                                                                                    \
  }

BLOCKS(elanus_squared_l2_block_4, square_4)
BLOCKS(elanus_dot_block_4, product_4)

#endif
