/// DISKANN with less memory than its file: [io.elanus.bench.disk.DiskCommand] makes vectors and the index, and asks a process with little
/// memory ([io.elanus.bench.disk.DiskSearcherCommand]) to search it.
@NullMarked
package io.elanus.bench.disk;

import org.jspecify.annotations.NullMarked;
