package io.elanus.common.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A namespace of collections.
///
/// @param createdTimestamp hybrid
public record Database(
    DatabaseId id, String name, Map<String, String> properties, long createdTimestamp) {
  /// The database every cluster has and nobody can drop.
  public static final DatabaseId DEFAULT_ID = new DatabaseId(1);

  public static final String DEFAULT_NAME = "default";

  public Database {
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
  }
}
