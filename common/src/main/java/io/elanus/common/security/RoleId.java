package io.elanus.common.security;

/// Names a role for ever: a role that is made again under the same name is another one.
public record RoleId(long value) {
  public RoleId {
    if (value <= 0) {
      throw new IllegalArgumentException("role id " + value);
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
