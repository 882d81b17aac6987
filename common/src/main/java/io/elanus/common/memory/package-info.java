/// Memory that is asked for before it is taken.
@NullMarked
package io.elanus.common.memory;

import org.jspecify.annotations.NullMarked;
