@NullMarked
package io.elanus.datanode;

import org.jspecify.annotations.NullMarked;
