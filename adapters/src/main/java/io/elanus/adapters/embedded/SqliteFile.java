package io.elanus.adapters.embedded;

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

  SqlSession openWriter() throws SQLException {
    return open(TransactionMode.IMMEDIATE);
  }

  SqlSession openReader() throws SQLException {
    return open(TransactionMode.DEFERRED);
  }

  private SqlSession open(TransactionMode mode) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setTransactionMode(mode);
    config.setBusyTimeout(BUSY_MILLIS);
    Connection connection = config.createConnection("jdbc:sqlite:" + path);
    connection.setAutoCommit(false);
    return new SqlSession(connection);
  }

  /// Whether the store is as it was before the failed transaction; else what is on the disk is not known.
  static boolean leavesStoreIntact(SQLException error) {
    return error.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code
        && error.getSuppressed().length == 0;
  }
}
