@NullMarked
package io.elanus.proxy.read;

import org.jspecify.annotations.NullMarked;
