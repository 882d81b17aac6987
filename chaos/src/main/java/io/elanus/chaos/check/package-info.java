/// Judges a history. [FloorCheck] is the set checker: linear in the events, every read of every level against
/// what it may not miss. [Linearizability] is the search for an order that explains all strong reads of a key.
/// Both see a key through [KeyHistory]; [Verdict] is what they say together. Nothing here knows the product.
@NullMarked
package io.elanus.chaos.check;

import org.jspecify.annotations.NullMarked;
