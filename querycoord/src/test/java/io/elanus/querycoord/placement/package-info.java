@NullMarked
package io.elanus.querycoord.placement;

import org.jspecify.annotations.NullMarked;
