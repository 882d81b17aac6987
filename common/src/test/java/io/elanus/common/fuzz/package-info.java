/// What fuzz targets share (docs/FUZZING.md).
@NullMarked
package io.elanus.common.fuzz;

import org.jspecify.annotations.NullMarked;
