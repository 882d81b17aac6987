package io.elanus.adapters.sql;

import java.util.List;

/// The statements of the metastore, in the words all engines share. Keys and values are bytes: keys
/// compare bytewise everywhere, and text collations have no say.
///
/// ```
/// meta_state     one row: format of the tables, newest revision, revision up to which events are forgotten
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
            compacted BIGINT NOT NULL)\
          """,
          """
          CREATE TABLE IF NOT EXISTS meta_entry (
            entry_key VARBINARY(512) NOT NULL PRIMARY KEY,
            value LONGBLOB NOT NULL,
            revision BIGINT NOT NULL,
            lease BIGINT NOT NULL)\
          """,
          """
          CREATE TABLE IF NOT EXISTS meta_event (
            revision BIGINT NOT NULL,
            entry_key VARBINARY(512) NOT NULL,
            value LONGBLOB,
            PRIMARY KEY (revision, entry_key))\
          """,
          """
          CREATE TABLE IF NOT EXISTS meta_request (
            id VARBINARY(64) NOT NULL PRIMARY KEY,
            revision BIGINT NOT NULL)\
          """);

  static final List<String> CREATE_INDEXES =
      List.of(
          "CREATE INDEX meta_entry_lease ON meta_entry (lease)",
          "CREATE INDEX meta_request_revision ON meta_request (revision)");

  static final String INSERT_STATE = "INSERT INTO meta_state VALUES (1, ?, 0, 0)";
  static final String STATE = "SELECT format, revision, compacted FROM meta_state WHERE id = 1";
  static final String SET_REVISION = "UPDATE meta_state SET revision = ? WHERE id = 1";
  static final String SET_COMPACTED = "UPDATE meta_state SET compacted = ? WHERE id = 1";

  static final String GET = "SELECT entry_key, value, revision FROM meta_entry WHERE entry_key = ?";
  static final String RANGE =
      "SELECT entry_key, value, revision FROM meta_entry"
          + " WHERE entry_key >= ? AND entry_key < ? ORDER BY entry_key";
  static final String REVISION_OF = "SELECT revision FROM meta_entry WHERE entry_key = ?";
  static final String PUT = "REPLACE INTO meta_entry VALUES (?, ?, ?, ?)";
  static final String REMOVE = "DELETE FROM meta_entry WHERE entry_key = ?";
  static final String LEASED = "SELECT entry_key FROM meta_entry WHERE lease = ?";
  static final String ALL_LEASED = "SELECT entry_key FROM meta_entry WHERE lease <> 0";

  static final String ADD_PUT = "INSERT INTO meta_event VALUES (?, ?, ?)";
  static final String ADD_REMOVAL = "INSERT INTO meta_event VALUES (?, ?, NULL)";
  static final String EVENTS =
      "SELECT revision, entry_key, value FROM meta_event"
          + " WHERE revision > ? AND revision <= ? AND entry_key >= ? AND entry_key < ?"
          + " ORDER BY revision, entry_key";
  static final String FORGET_EVENTS = "DELETE FROM meta_event WHERE revision <= ?";

  static final String REQUEST = "SELECT revision FROM meta_request WHERE id = ?";
  static final String ADD_REQUEST = "INSERT INTO meta_request VALUES (?, ?)";
  static final String FORGET_REQUESTS = "DELETE FROM meta_request WHERE revision <= ?";

  private MetaSql() {}
}
