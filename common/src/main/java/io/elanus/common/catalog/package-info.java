/// The catalog in the bucket: what the metastore says databases, collections and indexes are, exported at every
/// change, so that a lost metastore can be rebuilt. [CatalogExports] keeps the newest of them.
@NullMarked
package io.elanus.common.catalog;

import org.jspecify.annotations.NullMarked;
