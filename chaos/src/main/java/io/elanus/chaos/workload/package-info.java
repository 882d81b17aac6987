/// The load: unmodified SDK clients which write and read [Rows] that verify themselves, and note in the history
/// what they did and saw.
@NullMarked
package io.elanus.chaos.workload;

import org.jspecify.annotations.NullMarked;
