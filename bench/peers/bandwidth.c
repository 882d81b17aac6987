/* How fast one thread reads rows of float32 from memory: summing them, and measuring squared L2 to a query.
 *
 *     cc -O3 -march=native -ffast-math -o bandwidth bandwidth.c
 *     ./bandwidth <rows> <dimension> <passes> plain|huge
 *
 * Prints the bytes a second of CPU of both, and a number that keeps the compiler from leaving out the work. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static const size_t HUGE_PAGE_BYTES = 2 << 20;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static float sum(const float *values, size_t count) {
  float total = 0;
  for (size_t i = 0; i < count; i++) total += values[i];
  return total;
}

static float squared_l2(const float *row, const float *query, size_t dimension) {
  float total = 0;
  for (size_t i = 0; i < dimension; i++) {
    float difference = row[i] - query[i];
    total += difference * difference;
  }
  return total;
}

static float nearest(const float *rows, size_t count, const float *query, size_t dimension) {
  float least = 1e30f;
  for (size_t row = 0; row < count; row++) {
    float distance = squared_l2(rows + row * dimension, query, dimension);
    if (distance < least) least = distance;
  }
  return least;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  size_t count = strtoull(argv[1], NULL, 10), dimension = strtoull(argv[2], NULL, 10);
  size_t passes = strtoull(argv[3], NULL, 10), bytes = count * dimension * sizeof(float);
  size_t whole = (bytes / HUGE_PAGE_BYTES + 1) * HUGE_PAGE_BYTES;
  float *rows = aligned_alloc(HUGE_PAGE_BYTES, whole);
  float *query = calloc(dimension, sizeof(float));
  if (!rows || !query) return 1;
  if (strcmp(argv[4], "huge") == 0) madvise(rows, whole, MADV_HUGEPAGE);
  for (size_t i = 0; i < count * dimension; i++) rows[i] = (i * 2654435761u >> 8 & 0xffff) / 65536.0f;

  volatile float kept = sum(rows, count * dimension);
  double start = seconds();
  for (size_t pass = 0; pass < passes; pass++) kept = sum(rows, count * dimension);
  double summed = seconds() - start;
  start = seconds();
  for (size_t pass = 0; pass < passes; pass++) {
    query[0] = pass;
    kept = nearest(rows, count, query, dimension);
  }
  double measured = seconds() - start;
  printf("%.0f %.0f %g\n", passes * bytes / summed, passes * bytes / measured, kept);
  return 0;
}
