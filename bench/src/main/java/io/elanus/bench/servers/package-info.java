/// Elanus beside other vector databases, each through its own Python client: started here, written in Python, as the clients are
/// (`bench/servers`).
@NullMarked
package io.elanus.bench.servers;

import org.jspecify.annotations.NullMarked;
