/// Rootcoord: the catalog, timestamps and ids.
///
/// [RootCoordRole] runs for leadership; each [RootCoordTerm] reads the catalog from the metastore and
/// serves it until leadership is lost. [CatalogRules] decide what a [CatalogCommand] changes, purely;
/// `CommittedState` commits and applies; [PendingDdls] finishes what needs records in the logs.
@NullMarked
package io.elanus.rootcoord;

import org.jspecify.annotations.NullMarked;
