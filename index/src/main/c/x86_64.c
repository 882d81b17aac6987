#if defined(__x86_64__)

#include <immintrin.h>

#include "kernels.h"

#define AVX2 "avx2,fma"
#define AVX512 "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"
#define VNNI AVX512 ",avx512vnni"

enum { HAS_AVX2 = 1, HAS_AVX512 = 2, HAS_VNNI = 4 };

EXPORT int32_t elanus_instructions(void) {
  __builtin_cpu_init();
  int32_t has = 0;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) has |= HAS_AVX2;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
    has |= HAS_AVX512;
    if (__builtin_cpu_supports("avx512vnni")) has |= HAS_VNNI;
  }
  return has;
}

/* ---- Codes: squared differences, four rows at a time ---- */

INLINE(AVX512) __m128i halves(__m512i sum) {
  __m256i four = _mm256_add_epi32(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
}

INLINE(AVX2) __m128i quarters(__m256i sum) {
  return _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
}

/* Stores the sums over the lanes of four vectors, as many of them as there are rows. */
INLINE(AVX2) void store_sums(__m128i a, __m128i b, __m128i c, __m128i d, int32_t *out, int32_t size) {
  __m128i sums = _mm_hadd_epi32(_mm_hadd_epi32(a, b), _mm_hadd_epi32(c, d));
  if (size >= 4) {
    _mm_storeu_si128((__m128i *)out, sums);
    return;
  }
  int32_t four[4];
  _mm_storeu_si128((__m128i *)four, sums);
  for (int32_t i = 0; i < size; i++) out[i] = four[i];
}

/* Adds the squares of bytes from -127 to 127. Their absolute values are bytes with a sign and without at once. */
INLINE(VNNI) __m512i add_squares_512(__m512i sum, __m512i differences) {
  __m512i size = _mm512_abs_epi8(differences);
  return _mm512_dpbusd_epi32(sum, size, size);
}

INLINE(AVX2) __m256i add_squares_256(__m256i sum, __m256i differences) {
  __m256i size = _mm256_abs_epi8(differences);
  __m256i pairs = _mm256_maddubs_epi16(size, size);
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

INLINE(AVX512) __m512i load_512(const uint8_t *at) { return _mm512_loadu_si512(at); }
INLINE(AVX2) __m256i load_256(const uint8_t *at) { return _mm256_loadu_si256((const __m256i *)at); }

INLINE(VNNI) __m512i byte_512(__m512i sum, const uint8_t *query, const uint8_t *row, int64_t at, int64_t bytes) {
  (void)bytes;
  return add_squares_512(sum, _mm512_sub_epi8(load_512(query + at), load_512(row + at)));
}

INLINE(VNNI) __m512i nibbles_512(__m512i sum, const uint8_t *query, const uint8_t *row, int64_t at, int64_t bytes) {
  __m512i low = _mm512_set1_epi8(0xf);
  __m512i codes = load_512(row + at);
  __m512i lower = _mm512_and_si512(codes, low);
  __m512i upper = _mm512_and_si512(_mm512_srli_epi16(codes, 4), low);
  sum = add_squares_512(sum, _mm512_sub_epi8(load_512(query + at), lower));
  return add_squares_512(sum, _mm512_sub_epi8(load_512(query + bytes + at), upper));
}

INLINE(AVX2) __m256i byte_256(__m256i sum, const uint8_t *query, const uint8_t *row, int64_t at, int64_t bytes) {
  (void)bytes;
  return add_squares_256(sum, _mm256_sub_epi8(load_256(query + at), load_256(row + at)));
}

INLINE(AVX2) __m256i nibbles_256(__m256i sum, const uint8_t *query, const uint8_t *row, int64_t at, int64_t bytes) {
  __m256i low = _mm256_set1_epi8(0xf);
  __m256i codes = load_256(row + at);
  __m256i lower = _mm256_and_si256(codes, low);
  __m256i upper = _mm256_and_si256(_mm256_srli_epi16(codes, 4), low);
  sum = add_squares_256(sum, _mm256_sub_epi8(load_256(query + at), lower));
  return add_squares_256(sum, _mm256_sub_epi8(load_256(query + bytes + at), upper));
}

/* Rows are a multiple of 64 bytes, whatever their codes. */
#define CODES(name, target, vector, zero, width, step, narrow)                                          \
  EXPORT TARGET(target) void name(const uint8_t *first, int64_t bytes, const uint8_t *query,             \
                                  const int32_t *ordinals, int32_t count, int32_t *out) {                \
    rows_t rows = {first, bytes, ordinals, count};                                                       \
    int32_t ahead = (rows_ahead(bytes) + 3) & ~3;                                                        \
    int stream = is_stream(rows);                                                                        \
    if (!stream) prefetch_rows(rows, 0, ahead);                                                          \
    for (int32_t next = 0; next < count; next += 4) {                                                    \
      if (stream) prefetch_stream(row_at(rows, next), 4 * bytes);                                        \
      else prefetch_rows(rows, next + ahead, next + ahead + 4);                                          \
      const uint8_t *a = row_at(rows, next), *b = row_at(rows, next + 1);                                \
      const uint8_t *c = row_at(rows, next + 2), *d = row_at(rows, next + 3);                            \
      vector sum_a = zero(), sum_b = zero(), sum_c = zero(), sum_d = zero();                             \
      for (int64_t at = 0; at < bytes; at += width) {                                                    \
        sum_a = step(sum_a, query, a, at, bytes);                                                        \
        sum_b = step(sum_b, query, b, at, bytes);                                                        \
        sum_c = step(sum_c, query, c, at, bytes);                                                        \
        sum_d = step(sum_d, query, d, at, bytes);                                                        \
      }                                                                                                  \
      store_sums(narrow(sum_a), narrow(sum_b), narrow(sum_c), narrow(sum_d), out + next, count - next);  \
    }                                                                                                    \
  }

CODES(elanus_byte_codes_vnni, VNNI, __m512i, _mm512_setzero_si512, 64, byte_512, halves)
CODES(elanus_nibble_codes_vnni, VNNI, __m512i, _mm512_setzero_si512, 64, nibbles_512, halves)
CODES(elanus_byte_codes_avx2, AVX2, __m256i, _mm256_setzero_si256, 32, byte_256, quarters)
CODES(elanus_nibble_codes_avx2, AVX2, __m256i, _mm256_setzero_si256, 32, nibbles_256, quarters)

/* ---- Floats: one vector of partial sums a row, added up half by half, as Lanes.sum does ---- */

INLINE(AVX2) __m128 four_256(__m256 v) {
  return _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
}

INLINE(AVX512) __m128 four_512(__m512 v) {
  return four_256(_mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1)));
}

INLINE(AVX2) float sum_128(__m128 four) {
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

INLINE(AVX512) float sum_512(__m512 v) { return sum_128(four_512(v)); }
INLINE(AVX2) float sum_256(__m256 v) { return sum_128(four_256(v)); }

/* Stores the sums over the lanes of four vectors, so far from each other; each as sum_128 has it. */
INLINE(AVX2) void store_four(__m128 a, __m128 b, __m128 c, __m128 d, float *out, int32_t apart) {
  __m128 two_ab = _mm_add_ps(_mm_movelh_ps(a, b), _mm_movehl_ps(b, a));
  __m128 two_cd = _mm_add_ps(_mm_movelh_ps(c, d), _mm_movehl_ps(d, c));
  __m128 sums = _mm_add_ps(_mm_shuffle_ps(two_ab, two_cd, 0x88), _mm_shuffle_ps(two_ab, two_cd, 0xdd));
  float four[4];
  _mm_storeu_ps(four, sums);
  for (int32_t i = 0; i < 4; i++) out[(int64_t)apart * i] = four[i];
}

INLINE(AVX512) __m512 square_512(__m512 sum, __m512 query, __m512 row) {
  __m512 difference = _mm512_sub_ps(query, row);
  return _mm512_fmadd_ps(difference, difference, sum);
}

INLINE(AVX512) __m512 product_512(__m512 sum, __m512 query, __m512 row) { return _mm512_fmadd_ps(query, row, sum); }

INLINE(AVX2) __m256 square_256(__m256 sum, __m256 query, __m256 row) {
  __m256 difference = _mm256_sub_ps(query, row);
  return _mm256_fmadd_ps(difference, difference, sum);
}

INLINE(AVX2) __m256 product_256(__m256 sum, __m256 query, __m256 row) { return _mm256_fmadd_ps(query, row, sum); }

INLINE(AVX512) __m512 part_512(const float *at, int32_t left) {
  return left >= 16 ? _mm512_loadu_ps(at) : _mm512_maskz_loadu_ps((__mmask16)((1u << left) - 1), at);
}

INLINE(AVX2) __m256 part_256(const float *at, int32_t left) {
  __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return left >= 8 ? _mm256_loadu_ps(at)
                   : _mm256_maskload_ps(at, _mm256_cmpgt_epi32(_mm256_set1_epi32(left), lanes));
}

#define FLOATS(name, target, vector, zero, lanes, part, step, total)                                     \
  EXPORT TARGET(target) void name(const uint8_t *first, int64_t stride, int32_t dimension,               \
                                  const float *query, const int32_t *ordinals, int32_t count,            \
                                  float *out) {                                                          \
    rows_t rows = {first, stride, ordinals, count};                                                      \
    int32_t last = count - 1;                                                                            \
    if (is_stream(rows) && stride == 4 * (int64_t)dimension) {                                           \
      for (int32_t next = 0; next < count; next++) {                                                     \
        const float *row = (const float *)row_at(rows, next);                                            \
        prefetch_stream((const uint8_t *)row, stride);                                                   \
        vector sum = zero();                                                                             \
        for (int32_t i = 0; i < dimension; i += lanes) {                                                 \
          sum = step(sum, part(query + i, dimension - i), part(row + i, dimension - i));                 \
        }                                                                                                \
        out[next] = total(sum);                                                                          \
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
      vector sum_a = zero(), sum_b = zero(), sum_c = zero(), sum_d = zero();                             \
      for (int32_t i = 0; i < dimension; i += lanes) {                                                   \
        int32_t left = dimension - i;                                                                    \
        vector q = part(query + i, left);                                                                \
        sum_a = step(sum_a, q, part(a + i, left));                                                       \
        sum_b = step(sum_b, q, part(b + i, left));                                                       \
        sum_c = step(sum_c, q, part(c + i, left));                                                       \
        sum_d = step(sum_d, q, part(d + i, left));                                                       \
      }                                                                                                  \
      out[next] = total(sum_a);                                                                          \
      out[next + 1 < last ? next + 1 : last] = total(sum_b);                                             \
      out[next + 2 < last ? next + 2 : last] = total(sum_c);                                             \
      out[next + 3 < last ? next + 3 : last] = total(sum_d);                                             \
    }                                                                                                    \
  }

FLOATS(elanus_squared_l2_16, AVX512, __m512, _mm512_setzero_ps, 16, part_512, square_512, sum_512)
FLOATS(elanus_dot_16, AVX512, __m512, _mm512_setzero_ps, 16, part_512, product_512, sum_512)
FLOATS(elanus_squared_l2_8, AVX2, __m256, _mm256_setzero_ps, 8, part_256, square_256, sum_256)
FLOATS(elanus_dot_8, AVX2, __m256, _mm256_setzero_ps, 8, part_256, product_256, sum_256)

/* ---- Floats: four queries, one after the other, by two rows at a time ---- */

#define BLOCKS(name, target, vector, zero, lanes, part, step, four)                                      \
  EXPORT TARGET(target) void name(const uint8_t *first, int64_t stride, int32_t dimension,               \
                                  const float *queries, const int32_t *ordinals, int32_t count,          \
                                  float *out) {                                                          \
    rows_t rows = {first, stride, ordinals, count};                                                      \
    int32_t last = count - 1;                                                                            \
    const float *query_0 = queries, *query_1 = query_0 + dimension;                                      \
    const float *query_2 = query_1 + dimension, *query_3 = query_2 + dimension;                          \
    for (int32_t next = 0; next < count; next += 2) {                                                    \
      const float *a = (const float *)row_at(rows, next), *b = (const float *)row_at(rows, next + 1);    \
      vector sum_0a = zero(), sum_1a = zero(), sum_2a = zero(), sum_3a = zero();                         \
      vector sum_0b = zero(), sum_1b = zero(), sum_2b = zero(), sum_3b = zero();                         \
      for (int32_t i = 0; i < dimension; i += lanes) {                                                   \
        int32_t left = dimension - i;                                                                    \
        vector row_a = part(a + i, left), row_b = part(b + i, left);                                     \
        vector q = part(query_0 + i, left);                                                              \
        sum_0a = step(sum_0a, q, row_a);                                                                 \
        sum_0b = step(sum_0b, q, row_b);                                                                 \
        q = part(query_1 + i, left);                                                                     \
        sum_1a = step(sum_1a, q, row_a);                                                                 \
        sum_1b = step(sum_1b, q, row_b);                                                                 \
        q = part(query_2 + i, left);                                                                     \
        sum_2a = step(sum_2a, q, row_a);                                                                 \
        sum_2b = step(sum_2b, q, row_b);                                                                 \
        q = part(query_3 + i, left);                                                                     \
        sum_3a = step(sum_3a, q, row_a);                                                                 \
        sum_3b = step(sum_3b, q, row_b);                                                                 \
      }                                                                                                  \
      int32_t other = next + 1 < last ? next + 1 : last;                                                 \
      store_four(four(sum_0a), four(sum_1a), four(sum_2a), four(sum_3a), out + next, count);             \
      store_four(four(sum_0b), four(sum_1b), four(sum_2b), four(sum_3b), out + other, count);            \
    }                                                                                                    \
  }

BLOCKS(elanus_squared_l2_block_16, AVX512, __m512, _mm512_setzero_ps, 16, part_512, square_512, four_512)
BLOCKS(elanus_dot_block_16, AVX512, __m512, _mm512_setzero_ps, 16, part_512, product_512, four_512)
BLOCKS(elanus_squared_l2_block_8, AVX2, __m256, _mm256_setzero_ps, 8, part_256, square_256, four_256)
BLOCKS(elanus_dot_block_8, AVX2, __m256, _mm256_setzero_ps, 8, part_256, product_256, four_256)

#endif
