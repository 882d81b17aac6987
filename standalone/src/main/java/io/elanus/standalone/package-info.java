/// The launcher. [Elanus] reads the command line, [ProcessConfig] is what the configuration says to a process,
/// [RoleProcess] wires any set of roles over backends: all seven over one folder in one process
/// ([EmbeddedDisk]), or some of them over a metastore, a log and a bucket that processes share
/// ([SharedStores]). A role cannot tell the difference. `cluster` starts many such processes on one machine.
@NullMarked
package io.elanus.standalone;

import org.jspecify.annotations.NullMarked;
