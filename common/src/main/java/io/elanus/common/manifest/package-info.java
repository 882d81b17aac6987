/// What a shard is made of at one instant: the manifest, its pointer and their bytes.
@NullMarked
package io.elanus.common.manifest;

import org.jspecify.annotations.NullMarked;
