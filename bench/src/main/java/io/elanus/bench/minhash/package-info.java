/// What an index over MinHash signatures saves a search.
@NullMarked
package io.elanus.bench.minhash;

import org.jspecify.annotations.NullMarked;
