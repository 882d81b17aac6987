/// Bytes, the way every format of ours has them: little-endian, magic and version first, a CRC32C
/// last (docs/formats/README.md). A codec says what lies between.
@NullMarked
package io.elanus.common.format;

import org.jspecify.annotations.NullMarked;
