@NullMarked
package io.elanus.querycoord;

import org.jspecify.annotations.NullMarked;
