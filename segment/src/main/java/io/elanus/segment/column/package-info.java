/// Columns in place: the same views over a mapped segment file and over the arrays of the tail, so
/// that filters, searches and flushes are written once.
@NullMarked
package io.elanus.segment.column;

import org.jspecify.annotations.NullMarked;
