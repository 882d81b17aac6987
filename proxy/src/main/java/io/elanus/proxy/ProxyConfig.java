package io.elanus.proxy;

import java.time.Duration;

/// @param version of the product
/// @param bound how old an answer of the consistency level Bounded may be
/// @param patience how long a request waits for a coordinator, or a read for a shard, that nobody leads just
///     now; longer than a takeover takes
public record ProxyConfig(String version, Duration bound, Duration patience) {
  public ProxyConfig {
    if (version.isBlank()) {
      throw new IllegalArgumentException("version is empty");
    }
    if (bound.isNegative() || !patience.isPositive()) {
      throw new IllegalArgumentException("bound %s, patience %s".formatted(bound, patience));
    }
  }

  public static ProxyConfig ofVersion(String version) {
    return new ProxyConfig(version, Duration.ofSeconds(5), Duration.ofSeconds(20));
  }

  /// Reads like a tag of the Milvus whose protocol we speak.
  public String buildTag() {
    return "v3.0.0-elanus-" + version;
  }
}
