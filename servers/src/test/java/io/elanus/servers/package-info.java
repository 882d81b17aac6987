@NullMarked
package io.elanus.servers;

import org.jspecify.annotations.NullMarked;
