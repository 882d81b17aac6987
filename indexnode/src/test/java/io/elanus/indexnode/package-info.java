@NullMarked
package io.elanus.indexnode;

import org.jspecify.annotations.NullMarked;
