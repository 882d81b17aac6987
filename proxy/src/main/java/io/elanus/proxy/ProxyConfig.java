package io.elanus.proxy;

import io.elanus.proxy.security.SecurityConfig;
import io.elanus.proxy.write.Backlog;
import java.time.Duration;

/// @param version of the product
/// @param bound how old an answer of the consistency level Bounded may be
/// @param patience how long a request waits for a coordinator, or a read for a shard, that nobody leads just
///     now; longer than a takeover takes
/// @param backlog how far the datanodes may be behind before writes are refused
/// @param authorization whether callers have to log in, and may do what they were granted only
/// @param security how users are known
/// @param slowRead from which on a search or a query is told of in the log
public record ProxyConfig(
    String version,
    Duration bound,
    Duration patience,
    Backlog.Limits backlog,
    boolean authorization,
    SecurityConfig security,
    Duration slowRead) {
  /// As Milvus.
  private static final Duration SLOW_READ = Duration.ofSeconds(5);

  public ProxyConfig {
    if (version.isBlank()) {
      throw new IllegalArgumentException("version is empty");
    }
    if (bound.isNegative() || !patience.isPositive()) {
      throw new IllegalArgumentException("bound %s, patience %s".formatted(bound, patience));
    }
  }

  public ProxyConfig(String version, Duration bound, Duration patience, Backlog.Limits backlog) {
    this(version, bound, patience, backlog, false, SecurityConfig.DEFAULT, SLOW_READ);
  }

  public ProxyConfig(String version, Duration bound, Duration patience) {
    this(version, bound, patience, Backlog.Limits.DEFAULT);
  }

  public static ProxyConfig ofVersion(String version) {
    return new ProxyConfig(version, Duration.ofSeconds(5), Duration.ofSeconds(20));
  }

  public ProxyConfig with(Backlog.Limits limits) {
    return new ProxyConfig(version, bound, patience, limits, authorization, security, slowRead);
  }

  public ProxyConfig with(boolean newAuthorization, SecurityConfig newSecurity) {
    return new ProxyConfig(
        version, bound, patience, backlog, newAuthorization, newSecurity, slowRead);
  }

  public ProxyConfig withSlowRead(Duration span) {
    return new ProxyConfig(version, bound, patience, backlog, authorization, security, span);
  }

  /// Reads like a tag of the Milvus whose protocol we speak.
  public String buildTag() {
    return "v3.0.0-elanus-" + version;
  }
}
