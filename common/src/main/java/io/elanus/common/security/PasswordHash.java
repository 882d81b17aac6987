package io.elanus.common.security;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// A password as it is kept: what is slow to compute of it, with a salt of its own.
///
/// PBKDF2 with HMAC-SHA-256 (RFC 8018), 16 bytes of salt, 32 bytes of hash. Written
/// `pbkdf2-sha256$<iterations>$<salt>$<hash>` in base64, so that the cost can be raised: an older hash says
/// what it was made with.
public record PasswordHash(String text) {
  /// What OWASP's cheat sheet of 2023 asks for: about a quarter of a second of one core.
  public static final int ITERATIONS = 600_000;

  private static final String SCHEME = "pbkdf2-sha256";
  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 256;

  /// A hash from a backup may not keep a core busy for ever.
  private static final int MAX_ITERATIONS = 10_000_000;

  private record Parts(int iterations, byte[] salt, byte[] hash) {}

  /// @throws DbException `INVALID_PARAMETER` when `text` is no such hash
  public PasswordHash {
    if (parse(text).isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because("a password hash is not of the form %s", SCHEME);
    }
  }

  /// Computes for long.
  public static PasswordHash of(String password, int iterations) {
    byte[] salt = SecretBytes.of(SALT_BYTES);
    return of(salt, derive(password, salt, iterations), iterations);
  }

  /// Matches nothing, and takes as long to find out.
  public static PasswordHash decoy(int iterations) {
    return of(SecretBytes.of(SALT_BYTES), SecretBytes.of(HASH_BITS / 8), iterations);
  }

  private static PasswordHash of(byte[] salt, byte[] hash, int iterations) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return new PasswordHash(
        "%s$%d$%s$%s"
            .formatted(
                SCHEME, iterations, base64.encodeToString(salt), base64.encodeToString(hash)));
  }

  /// Computes for long, and equally long for every password.
  public boolean matches(String password) {
    Parts parts = parse(text).orElseThrow();
    return MessageDigest.isEqual(parts.hash, derive(password, parts.salt, parts.iterations));
  }

  private static byte[] derive(String password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new DbException(ErrorCode.UNEXPECTED, "this JDK has no PBKDF2 with HMAC-SHA-256", e);
    } finally {
      spec.clearPassword();
    }
  }

  private static Optional<Parts> parse(String text) {
    String[] parts = text.split("\\$", -1);
    if (parts.length != 4 || !parts[0].equals(SCHEME)) {
      return Optional.empty();
    }
    try {
      int iterations = Integer.parseInt(parts[1]);
      byte[] salt = Base64.getDecoder().decode(parts[2]);
      byte[] hash = Base64.getDecoder().decode(parts[3]);
      boolean sound =
          iterations > 0
              && iterations <= MAX_ITERATIONS
              && salt.length == SALT_BYTES
              && hash.length == HASH_BITS / 8;
      return sound ? Optional.of(new Parts(iterations, salt, hash)) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Without the hash: this ends up in logs.
  @Override
  public String toString() {
    return "PasswordHash[]";
  }
}
