/// Random calls of the public API against a plain model in memory: no faults, one client, every type of data. The
/// same calls in process on the ports in memory, and over sockets against a running server.
@NullMarked
package io.elanus.model;

import org.jspecify.annotations.NullMarked;
