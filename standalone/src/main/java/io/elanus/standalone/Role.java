package io.elanus.standalone;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The roles a process can play, in the order in which a process starts them.
enum Role {
  ROOTCOORD("owns the catalog, timestamps and ids"),
  QUERYCOORD("places shards and segments on query nodes"),
  DATACOORD("assigns logs to datanodes, plans flushes and index builds"),
  DATANODE("turns the log into segments and commits manifests"),
  QUERYNODE("serves searches: leads shards and holds their segments"),
  INDEXNODE("builds index files"),
  PROXY("speaks the public API and routes requests");

  static final Set<Role> COORDINATORS = Set.of(ROOTCOORD, QUERYCOORD, DATACOORD);

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

  boolean isCoordinator() {
    return COORDINATORS.contains(this);
  }

  static Set<Role> all() {
    return EnumSet.allOf(Role.class);
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
