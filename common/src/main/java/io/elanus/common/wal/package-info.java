/// The write-ahead log as a port: append, tail, end, trim. The order of a log is the truth; everything
/// else in the product is derived from it.
@NullMarked
package io.elanus.common.wal;

import org.jspecify.annotations.NullMarked;
