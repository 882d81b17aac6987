/// The metastore in SQL: its tables and every statement on them, for all engines alike. Adapters bring the
/// connection, the transaction around it and the leases.
@NullMarked
package io.elanus.adapters.sql;

import org.jspecify.annotations.NullMarked;
