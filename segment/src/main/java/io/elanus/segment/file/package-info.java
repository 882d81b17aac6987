/// The segment file: rows of one partition of one shard, sorted by key, as a Parquet file whose
/// columns are mapped and read in place. [SegmentWriter] makes it, [SegmentReader] opens it.
@NullMarked
package io.elanus.segment.file;

import org.jspecify.annotations.NullMarked;
