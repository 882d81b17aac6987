/// What the clients of a run did and saw, and what was done to the servers meanwhile: one [Event] each,
/// kept by a [History] in memory and in a file, one JSON line each. All times are `System.nanoTime` of the
/// one process all clients run in, so they can be compared.
@NullMarked
package io.elanus.chaos.history;

import org.jspecify.annotations.NullMarked;
