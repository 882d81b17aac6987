/// What the log carries: row batches, deletes and control records, and their bytes.
@NullMarked
package io.elanus.common.record;

import org.jspecify.annotations.NullMarked;
