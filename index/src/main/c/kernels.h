/* Distances of many rows from one query, as the kernels in Java compute them and to the same bit: see io.elanus.index.kernel.
 *
 * Every function exists once for each set of instructions it is written for, which its name ends with; the caller asks
 * `elanus_instructions` once which of them this processor has. Nothing here allocates, keeps state, or needs a library.
 */
#ifndef ELANUS_KERNELS_H
#define ELANUS_KERNELS_H

#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))
#define TARGET(instructions) __attribute__((target(instructions)))
#define INLINE(instructions) static inline __attribute__((always_inline, target(instructions)))

#define CACHE_LINE 64

/* Cache lines that are on their way while others are worked on: about as many as a core can wait for at once. */
#define LINES_AHEAD 16

/* The rows that a search wants scored. Ordinals lie anywhere, so each row is a cache miss of its own. */
typedef struct {
  const uint8_t *first;
  int64_t bytes;
  const int32_t *ordinals;
  int32_t count;
} rows_t;

static inline const uint8_t *row_at(rows_t rows, int32_t i) {
  int32_t last = rows.count - 1;
  return rows.first + rows.bytes * rows.ordinals[i < last ? i : last];
}

/* How many rows fill the lines that may be on their way. */
static inline int32_t rows_ahead(int64_t bytes) {
  int64_t ahead = LINES_AHEAD * CACHE_LINE / bytes;
  return ahead < 1 ? 1 : (int32_t)ahead;
}

static inline void prefetch_row(rows_t rows, int32_t i) {
  if (i >= rows.count) return;
  const uint8_t *row = rows.first + rows.bytes * rows.ordinals[i];
  for (int64_t at = 0; at < rows.bytes && at < LINES_AHEAD * CACHE_LINE; at += CACHE_LINE) {
    __builtin_prefetch(row + at, 0, 3);
  }
}

/* Asks for memory that will be read soon. */
EXPORT void elanus_prefetch(const uint8_t *first, int32_t bytes) {
  for (int32_t at = 0; at < bytes; at += CACHE_LINE) __builtin_prefetch(first + at, 0, 3);
}

/* Of longer rows only where they begin: the processor guesses the rest as soon as it sees the first of it, but not which page it is on. */
static inline void prefetch_starts(rows_t rows, int32_t from, int32_t to) {
  for (int32_t i = from; i < to && i < rows.count; i++) {
    __builtin_prefetch(rows.first + rows.bytes * rows.ordinals[i], 0, 3);
  }
}

static inline void prefetch_rows(rows_t rows, int32_t from, int32_t to) {
  for (int32_t i = from; i < to && i < rows.count; i++) prefetch_row(rows, i);
}

/* Vectors of at most so many bytes are asked for as a whole: they end before the processor has guessed what comes. */
#define SHORT_VECTOR 1024

/* Bytes of short vectors that may be on their way. */
#define SHORT_VECTORS_AHEAD 6144

/* How many vectors are asked for as a whole; 0 of long ones. */
static inline int32_t vectors_ahead(int64_t bytes) {
  return bytes <= SHORT_VECTOR ? (int32_t)(SHORT_VECTORS_AHEAD / bytes) : 0;
}

/* Bytes between what is worked on and what is asked for where rows follow each other: two pages, as the processor's own guesses end
 * with the page. Intel's see more themselves, and gain only from what is near. */
#if defined(__x86_64__)
#define STREAM_AHEAD (__builtin_cpu_is("intel") ? 2048 : 8192)
#else
#define STREAM_AHEAD 8192
#endif

/* Whether rows most likely follow each other, as in a scan. */
static inline int is_stream(rows_t rows) {
  return rows.count >= 8 && rows.ordinals[rows.count - 1] - rows.ordinals[0] == rows.count - 1;
}

/* Asks for what comes so much after some bytes of a stream; beyond its end, in vain. */
static inline void prefetch_stream(const uint8_t *from, int64_t bytes) {
  for (int64_t at = 0; at < bytes; at += CACHE_LINE) __builtin_prefetch(from + STREAM_AHEAD + at, 0, 3);
}

#endif
