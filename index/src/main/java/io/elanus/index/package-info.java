/// Vectors in, neighbours out.
@NullMarked
package io.elanus.index;

import org.jspecify.annotations.NullMarked;
