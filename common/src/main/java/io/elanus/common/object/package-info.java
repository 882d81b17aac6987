/// Immutable objects, created once, and the one place that makes their keys.
@NullMarked
package io.elanus.common.object;

import org.jspecify.annotations.NullMarked;
