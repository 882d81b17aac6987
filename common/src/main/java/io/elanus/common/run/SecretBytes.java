package io.elanus.common.run;

import java.security.SecureRandom;

/// Chance that nobody can guess: salts and keys. Not for anything whose course a simulator has to own.
public final class SecretBytes {
  private static final SecureRandom RANDOM = new SecureRandom();

  private SecretBytes() {}

  public static byte[] of(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
