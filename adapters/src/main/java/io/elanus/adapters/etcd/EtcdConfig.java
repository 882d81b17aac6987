package io.elanus.adapters.etcd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Which etcd, as whom, and how.
///
/// @param endpoints of its members, or of some; at least one
/// @param rootPath under which all keys of this cluster lie, without slashes at its ends: several
///     clusters, and others, may share an etcd
/// @param callTimeout for one answer of one member; 500 ms to 60 s
public record EtcdConfig(
    List<Endpoint> endpoints, Optional<User> user, Tls tls, String rootPath, Duration callTimeout) {
  public static final String DEFAULT_ROOT_PATH = "elanus";

  /// An election of a new leader of etcd takes a second or two: a call that meets it fails, and the
  /// next one finds the new leader.
  public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(2);

  public EtcdConfig {
    endpoints = List.copyOf(endpoints);
    require(!endpoints.isEmpty(), "no endpoint of etcd");
    require(
        rootPath.matches("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*") && rootPath.length() <= 128,
        "root path '%s' is not 1 to 128 letters, digits, '_', '.', '-', with '/' between"
            .formatted(rootPath));
    require(
        callTimeout.compareTo(Duration.ofMillis(500)) >= 0
            && callTimeout.compareTo(Duration.ofSeconds(60)) <= 0,
        "call timeout %s is out of bounds".formatted(callTimeout));
  }

  public record Endpoint(String host, int port) {
    /// @param address as `host:port`
    public static Endpoint parse(String address) {
      int colon = address.lastIndexOf(':');
      require(
          colon > 0 && address.substring(colon + 1).matches("\\d{1,5}"),
          "'%s' is not <host>:<port>".formatted(address));
      return new Endpoint(
          address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  public record User(String name, String password) {
    @Override
    public String toString() {
      return "user " + name;
    }
  }

  public sealed interface Tls {
    /// Everybody on the way can read.
    record Off() implements Tls {}

    /// The members prove their names.
    ///
    /// @param authorities PEM file of the certificates that may vouch for them; without one, those the
    ///     JDK knows
    /// @param client with which we prove who we are
    record On(Optional<Path> authorities, Optional<ClientKey> client) implements Tls {}
  }

  /// Both PEM files.
  public record ClientKey(Path certificate, Path key) {}

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  @Override
  public String toString() {
    return "%s under %s".formatted(endpoints, rootPath);
  }
}
