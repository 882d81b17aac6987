/// A server that has less memory than data, and what its clients see.
@NullMarked
package io.elanus.bench.pressure;

import org.jspecify.annotations.NullMarked;
