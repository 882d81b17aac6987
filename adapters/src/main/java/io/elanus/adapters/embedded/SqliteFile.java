package io.elanus.adapters.embedded;

import io.elanus.adapters.sql.SqlDialect;
import io.elanus.adapters.sql.SqlSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteErrorCode;

/// Connections to one SQLite file, with its log synced at every commit.
record SqliteFile(Path path) {
  private static final int BUSY_MILLIS = 10_000;

  /// There is none: commits are on the disk before anybody sees them.
  private static final String SERVER = "";

  /// A transaction holds the one lock from its start.
  SqlSession openWriter() throws SQLException {
    return open(TransactionMode.IMMEDIATE, false);
  }

  /// Each statement is a transaction.
  SqlSession openReader() throws SQLException {
    return open(TransactionMode.DEFERRED, true);
  }

  private SqlSession open(TransactionMode mode, boolean autoCommit) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setTransactionMode(mode);
    config.setBusyTimeout(BUSY_MILLIS);
    Connection connection = config.createConnection("jdbc:sqlite:" + path);
    connection.setAutoCommit(autoCommit);
    return new SqlSession(connection, SqlDialect.sqlite(), SERVER);
  }

  /// Whether the store is as it was before the failed transaction; else what is on the disk is not known. SQLite
  /// itself rolls back what finds the disk full, at times before it is asked to.
  static boolean leavesStoreIntact(SQLException error) {
    return error.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code;
  }
}
