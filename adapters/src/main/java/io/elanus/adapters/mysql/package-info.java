/// The metastore on MySQL, Aurora MySQL or MariaDB: the SQL of `adapters.sql`, with leases as rows and
/// watchers that poll the revision. `MySqlMetaStore.open(run, config)` is the way in; it tests the
/// server first and names what is missing.
@NullMarked
package io.elanus.adapters.mysql;

import org.jspecify.annotations.NullMarked;
