@NullMarked
package io.elanus.proxy;

import org.jspecify.annotations.NullMarked;
