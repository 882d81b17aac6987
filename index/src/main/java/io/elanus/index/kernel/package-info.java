/// The only package with SIMD in it: distances of many float32 rows from one query, or from four.
///
/// [Kernel] says what is computed. Two classes compute it with the Vector API, one for each place a
/// row can be: [SegmentKernel] off heap, [ArrayKernel] in a `float[]`. They are two because the JIT
/// compiler makes code for a memory segment fast only as long as it meets one kind of segment: one
/// kernel for three kinds measured ten times slower. [ScalarKernel] is their twin in plain Java.
@NullMarked
package io.elanus.index.kernel;

import org.jspecify.annotations.NullMarked;
