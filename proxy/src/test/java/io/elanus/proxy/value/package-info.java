@NullMarked
package io.elanus.proxy.value;

import org.jspecify.annotations.NullMarked;
