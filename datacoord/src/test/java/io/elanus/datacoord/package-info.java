@NullMarked
package io.elanus.datacoord;

import org.jspecify.annotations.NullMarked;
