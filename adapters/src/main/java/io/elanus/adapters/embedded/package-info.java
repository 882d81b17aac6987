/// The three ports on a local disk: the log as segmented files with group commit, objects as files in
/// a folder, metadata in SQLite. One process owns a data directory, by a lock.
@NullMarked
package io.elanus.adapters.embedded;

import org.jspecify.annotations.NullMarked;
