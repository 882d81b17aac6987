package io.elanus.standalone;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The roles a process can play.
enum Role {
  PROXY("speaks the public API and routes requests"),
  ROOTCOORD("owns the catalog, timestamps and ids"),
  QUERYCOORD("places shards and segments on query nodes"),
  DATACOORD("assigns logs to datanodes, plans flushes and index builds"),
  QUERYNODE("serves searches: leads shards and holds their segments"),
  DATANODE("turns the log into segments and commits manifests"),
  INDEXNODE("builds index files");

  private final String summary;

  Role(String summary) {
    this.summary = summary;
  }

  String commandName() {
    return name().toLowerCase(Locale.ROOT);
  }

  String summary() {
    return summary;
  }

  /// The roles of a list such as `rootcoord,querycoord`; empty when one of them is unknown.
  static Optional<List<Role>> parse(String list) {
    List<Optional<Role>> roles = Stream.of(list.split(",", -1)).map(Role::ofName).toList();
    return roles.stream().allMatch(Optional::isPresent)
        ? Optional.of(roles.stream().flatMap(Optional::stream).toList())
        : Optional.empty();
  }

  private static Optional<Role> ofName(String name) {
    return Stream.of(values()).filter(role -> role.commandName().equals(name.strip())).findFirst();
  }
}
