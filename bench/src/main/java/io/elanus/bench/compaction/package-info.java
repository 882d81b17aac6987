/// What merging segments costs, against copying their bytes, and what searches notice of it.
@NullMarked
package io.elanus.bench.compaction;

import org.jspecify.annotations.NullMarked;
