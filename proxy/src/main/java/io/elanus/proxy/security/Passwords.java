package io.elanus.proxy.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.SecretBytes;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.User;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Hashes passwords, which is slow on purpose, and remembers what it found, so that a client pays once.
///
/// One thread computes, and few may wait for it: who guesses passwords does not take the machine from those who
/// search. What is remembered is a keyed digest of password and hash; its key lives as long as the process.
public final class Passwords implements AutoCloseable {
  private static final int WAITING = 64;

  /// What is remembered at most, of clients that were right and of those that were not.
  private static final int REMEMBERED = 8_192;

  private static final int KEY_BYTES = 32;
  private static final String DIGEST = "HmacSHA256";

  private final SecurityConfig config;
  private final CpuPool cpu;
  private final Gate gate;
  private final SecretKeySpec key = new SecretKeySpec(SecretBytes.of(KEY_BYTES), DIGEST);
  private final PasswordHash decoy;

  // guarded by gate
  private final Map<String, Boolean> found =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  public Passwords(Run run, SecurityConfig config) {
    this.config = config;
    this.cpu = CpuPool.fixed(run, "passwords", 1, WAITING);
    this.gate = run.gate();
    this.decoy = PasswordHash.decoy(config.iterations());
  }

  /// Computes for long.
  ///
  /// @throws DbException `TIMEOUT`; `TOO_MANY_REQUESTS`
  public PasswordHash hash(String password, Deadline deadline) {
    return cpu.call(deadline, () -> PasswordHash.of(password, config.iterations()));
  }

  /// Whether the password is right, if that is known without computing for long.
  ///
  /// @param user empty when there is none of that `name`: the password is wrong then
  Optional<Boolean> remembered(String name, Optional<User> user, String password) {
    Optional<PasswordHash> hash = hash(user);
    return hash.isEmpty()
        ? Optional.of(isDefault(password))
        : look(digest(name, hash.get(), password));
  }

  /// Empty for the default password, which only root can have.
  private Optional<PasswordHash> hash(Optional<User> user) {
    return user.isEmpty() ? Optional.of(decoy) : user.get().password();
  }

  private Optional<Boolean> look(String digest) {
    return gate.read(() -> Optional.ofNullable(found.get(digest)));
  }

  private boolean isDefault(String password) {
    return MessageDigest.isEqual(config.rootPassword().getBytes(UTF_8), password.getBytes(UTF_8));
  }

  /// Whether the password is right. Takes as long for a user that is not there.
  ///
  /// @throws DbException `TIMEOUT`; `TOO_MANY_REQUESTS`
  public boolean matches(String name, Optional<User> user, String password, Deadline deadline) {
    return remembered(name, user, password)
        .orElseGet(() -> compute(name, hash(user).orElseThrow(), password, deadline));
  }

  /// Who waited for the same answer does not compute it again.
  private boolean compute(String user, PasswordHash hash, String password, Deadline deadline) {
    String digest = digest(user, hash, password);
    return cpu.call(
        deadline,
        () -> {
          Optional<Boolean> known = look(digest);
          boolean right = known.isPresent() ? known.get() : hash.matches(password);
          gate.change(() -> found.put(digest, right));
          return right;
        });
  }

  private String digest(String user, PasswordHash hash, String password) {
    try {
      Mac mac = Mac.getInstance(DIGEST);
      mac.init(key);
      for (String part : new String[] {user, hash.text()}) {
        mac.update(part.getBytes(UTF_8));
        mac.update((byte) 0);
      }
      return HexFormat.of().formatHex(mac.doFinal(password.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new DbException(ErrorCode.UNEXPECTED, "this JDK has no " + DIGEST, e);
    }
  }

  @Override
  public void close() {
    cpu.close();
  }
}
