/// Marks and pins: points of log order that stay readable for a while. A mark is given out in three steps, in this
/// order: its pin is committed, its Mark is appended to the logs of all shards, the caller hears of it. Whoever has
/// met the Mark therefore finds the pin, or the pin is over.
@NullMarked
package io.elanus.rootcoord.pin;

import org.jspecify.annotations.NullMarked;
