package io.elanus.chaos.workload;

import io.elanus.chaos.history.History;
import java.util.List;
import java.util.function.Supplier;

/// What all clients of a run share.
///
/// @param uris of the proxies that serve now, asked before each connection
/// @param collection the one they work on
/// @param history where they note what they did and saw
public record Scene(
    Supplier<List<String>> uris, String collection, History history, Keyspace keys, Rows rows) {
  public static Scene of(
      Supplier<List<String>> uris, String collection, int dimension, History history) {
    return new Scene(uris, collection, history, new Keyspace(), new Rows(collection, dimension));
  }
}
