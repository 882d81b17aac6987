@NullMarked
package io.elanus.chaos.history;

import org.jspecify.annotations.NullMarked;
