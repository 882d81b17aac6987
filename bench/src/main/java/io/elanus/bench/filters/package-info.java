/// Searches among few or many of the rows: what the engine makes of a filter, beside each fixed way to go about it.
@NullMarked
package io.elanus.bench.filters;

import org.jspecify.annotations.NullMarked;
