/// The chaos harness: `chaos/run <figure>` puts a running Elanus under load, does harm to it, and judges what its
/// clients saw. It sees Elanus only through sockets and signals. See docs/CHAOS.md.
@NullMarked
package io.elanus.chaos;

import org.jspecify.annotations.NullMarked;
