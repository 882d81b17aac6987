/// The words of the product as values: collections, shards, fields, columns, keys, consistency.
@NullMarked
package io.elanus.common.model;

import org.jspecify.annotations.NullMarked;
