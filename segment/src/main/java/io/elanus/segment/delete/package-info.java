/// Deletes: as the log and delete files say them, by key, and as a segment feels them, by row.
@NullMarked
package io.elanus.segment.delete;

import org.jspecify.annotations.NullMarked;
