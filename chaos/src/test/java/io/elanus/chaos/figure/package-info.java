@NullMarked
package io.elanus.chaos.figure;

import org.jspecify.annotations.NullMarked;
