@NullMarked
package io.elanus.rootcoord;

import org.jspecify.annotations.NullMarked;
