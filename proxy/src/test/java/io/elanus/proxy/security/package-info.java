@NullMarked
package io.elanus.proxy.security;

import org.jspecify.annotations.NullMarked;
