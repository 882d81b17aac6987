/// How long a shard that is on nobody's disk takes to answer: a real query node over a bucket of limited bandwidth.
@NullMarked
package io.elanus.bench.arrival;

import org.jspecify.annotations.NullMarked;
