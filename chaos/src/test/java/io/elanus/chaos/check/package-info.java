/// The checkers, and the proof that they can fail.
@NullMarked
package io.elanus.chaos.check;

import org.jspecify.annotations.NullMarked;
