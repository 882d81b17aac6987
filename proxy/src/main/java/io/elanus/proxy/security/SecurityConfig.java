package io.elanus.proxy.security;

import io.elanus.common.security.PasswordHash;

/// How proxies know users.
///
/// @param rootPassword of root as long as nobody has changed it
/// @param iterations of the hash of a new password
public record SecurityConfig(String rootPassword, int iterations) {
  /// As in Milvus, so everybody knows it.
  public static final String WELL_KNOWN_PASSWORD = "Milvus";

  public static final SecurityConfig DEFAULT =
      new SecurityConfig(WELL_KNOWN_PASSWORD, PasswordHash.ITERATIONS);

  public SecurityConfig {
    if (rootPassword.isEmpty() || iterations < 1) {
      throw new IllegalArgumentException("root's password is empty, or %d".formatted(iterations));
    }
  }

  /// Without the password: this ends up in logs.
  @Override
  public String toString() {
    return "SecurityConfig[iterations=%d]".formatted(iterations);
  }
}
