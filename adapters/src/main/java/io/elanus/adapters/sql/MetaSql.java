package io.elanus.adapters.sql;

import java.util.List;

/// The statements of the metastore, in the words all engines share ([SqlDialect] knows the others).
/// Keys and values are bytes: keys compare bytewise everywhere, and text collations have no say. Each
/// read is one statement, and so of one instant; its rows come in any order.
///
/// ```
/// meta_state     one row: format of the tables, newest revision, how far history reaches back,
///                which run of the server made the newest commit
/// meta_entry     the entries as they are now; lease 0 for none
/// meta_event     what each commit changed; no value where it removed
/// meta_request   request ids that were committed, with their revision
/// ```
final class MetaSql {
  static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS meta_state (
            id INT NOT NULL PRIMARY KEY,
            format INT NOT NULL,
            revision BIGINT NOT NULL,
            compacted BIGINT NOT NULL,
            middle BIGINT NOT NULL DEFAULT 0,
            newer_bytes BIGINT NOT NULL DEFAULT 0,
            server VARCHAR(300) NOT NULL DEFAULT '') {engine}\
          """,
          """
          CREATE TABLE IF NOT EXISTS meta_entry (
            entry_key VARBINARY(512) NOT NULL PRIMARY KEY,
            value LONGBLOB NOT NULL,
            revision BIGINT NOT NULL,
            lease BIGINT NOT NULL{lease index}) {engine}\
          """,
          """
          CREATE TABLE IF NOT EXISTS meta_event (
            revision BIGINT NOT NULL,
            entry_key VARBINARY(512) NOT NULL,
            value LONGBLOB,
            PRIMARY KEY (revision, entry_key)) {engine}\
          """,
          """
          CREATE TABLE IF NOT EXISTS meta_request (
            id VARBINARY(64) NOT NULL PRIMARY KEY,
            revision BIGINT NOT NULL{request index}) {engine}\
          """);

  static final List<String> FROM_FORMAT_1 =
      List.of(
          "ALTER TABLE meta_state ADD COLUMN middle BIGINT NOT NULL DEFAULT 0",
          "ALTER TABLE meta_state ADD COLUMN newer_bytes BIGINT NOT NULL DEFAULT 0",
          "ALTER TABLE meta_state ADD COLUMN server VARCHAR(300) NOT NULL DEFAULT ''");

  static final String FORMAT = "SELECT format FROM meta_state WHERE id = 1";
  static final String SET_FORMAT = "UPDATE meta_state SET format = ? WHERE id = 1";
  static final String INSERT_STATE =
      "INSERT {or ignore} INTO meta_state (id, format, revision, compacted) VALUES (1, ?, 0, 0)";

  static final String LOCK_STATE =
      "SELECT revision, compacted, middle, newer_bytes, server, {writable} FROM meta_state"
          + " WHERE id = 1 {for update}";
  static final String SET_STATE =
      "UPDATE meta_state SET revision = ?, compacted = ?, middle = ?, newer_bytes = ?, server = ?"
          + " WHERE id = 1";

  private static final String SELECT_INSTANT = "SELECT s.revision, s.compacted, {writable}";
  private static final String SELECT_BESIDE =
      SELECT_INSTANT + ", e.entry_key, e.value, e.revision FROM meta_state s LEFT JOIN ";

  // The instant, and what is there: with nulls when that is nothing.
  static final String INSTANT = SELECT_INSTANT + " FROM meta_state s WHERE s.id = 1";
  static final String GET = SELECT_BESIDE + "meta_entry e ON e.entry_key = ? WHERE s.id = 1";
  static final String RANGE =
      SELECT_BESIDE + "meta_entry e ON e.entry_key >= ? AND e.entry_key < ? WHERE s.id = 1";
  static final String EVENTS =
      SELECT_BESIDE
          + "meta_event e ON e.revision > ? AND e.revision <= ?"
          + " AND e.entry_key >= ? AND e.entry_key < ? WHERE s.id = 1";

  // Followed by as many rows of marks as there are rows.
  static final String REVISIONS = "SELECT entry_key, revision FROM meta_entry WHERE entry_key IN ";
  static final String REMOVE = "DELETE FROM meta_entry WHERE entry_key IN ";
  static final String PUT = "REPLACE INTO meta_entry (entry_key, value, revision, lease) VALUES ";
  static final String ADD_PUT = "INSERT INTO meta_event (entry_key, value, revision) VALUES ";
  static final String ADD_REMOVAL = "INSERT INTO meta_event (entry_key, revision) VALUES ";

  static final String LEASED = "SELECT entry_key FROM meta_entry WHERE lease = ?";
  static final String ALL_LEASED = "SELECT entry_key FROM meta_entry WHERE lease <> 0";

  static final String OLDEST_EVENT = "SELECT MIN(revision) FROM meta_event";
  static final String FORGET_EVENTS = "DELETE FROM meta_event WHERE revision <= ?";

  static final String REQUEST = "SELECT revision FROM meta_request WHERE id = ?";
  static final String ADD_REQUEST = "INSERT INTO meta_request (id, revision) VALUES (?, ?)";
  static final String REQUEST_BEHIND =
      "SELECT revision FROM meta_request ORDER BY revision DESC LIMIT 1 OFFSET ?";
  static final String FORGET_REQUESTS = "DELETE FROM meta_request WHERE revision <= ?";

  private MetaSql() {}
}
