/// A whole cluster in one simulated run: the roles' real code over the ports in memory, under faults chosen
/// by a seed, watched by checks that know nothing of that code but its formats (docs/SIMULATION.md).
@NullMarked
package io.elanus.simulation;

import org.jspecify.annotations.NullMarked;
