@NullMarked
package io.elanus.proxy.write;

import org.jspecify.annotations.NullMarked;
