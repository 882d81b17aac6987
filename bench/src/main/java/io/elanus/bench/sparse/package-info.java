/// The inverted index over sparse vectors against the scan of all of them, over made texts.
@NullMarked
package io.elanus.bench.sparse;

import org.jspecify.annotations.NullMarked;
