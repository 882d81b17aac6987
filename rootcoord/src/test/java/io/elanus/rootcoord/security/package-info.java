@NullMarked
package io.elanus.rootcoord.security;

import org.jspecify.annotations.NullMarked;
