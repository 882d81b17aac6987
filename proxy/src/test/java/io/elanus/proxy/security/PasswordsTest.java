package io.elanus.proxy.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.User;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  private final Run run = new SystemRun();
  private final Passwords passwords = new Passwords(run, new SecurityConfig("first", 10));
  private final Deadline deadline = Deadline.after(run, Duration.ofSeconds(30));

  @AfterEach
  void close() {
    passwords.close();
  }

  private Optional<User> user(String name, String password) {
    return Optional.of(
        new User(name, Optional.of(passwords.hash(password, deadline)), "", List.of()));
  }

  @Test
  void whatWasFoundOnceIsRememberedUntilThePasswordChanges() {
    Optional<User> ann = user("ann", "secret");

    assertThat(passwords.remembered("ann", ann, "secret")).isEmpty();
    assertThat(passwords.matches("ann", ann, "secret", deadline)).isTrue();
    assertThat(passwords.matches("ann", ann, "guess", deadline)).isFalse();
    assertThat(passwords.remembered("ann", ann, "secret")).contains(true);
    assertThat(passwords.remembered("ann", ann, "guess")).contains(false);

    assertThat(passwords.remembered("ann", user("ann", "secret"), "secret")).isEmpty();
  }

  @Test
  void whoIsNotThereHasAWrongPasswordAndIsRememberedAlike() {
    assertThat(passwords.remembered("zoe", Optional.empty(), "secret")).isEmpty();
    assertThat(passwords.matches("zoe", Optional.empty(), "secret", deadline)).isFalse();
    assertThat(passwords.remembered("zoe", Optional.empty(), "secret")).contains(false);
    assertThat(passwords.remembered("yan", Optional.empty(), "secret")).isEmpty();
  }

  @Test
  void rootWithoutAPasswordOfItsOwnHasTheConfiguredOne() {
    Optional<User> root = Optional.of(new User("root", Optional.empty(), "", List.of()));

    assertThat(passwords.matches("root", root, "first", deadline)).isTrue();
    assertThat(passwords.matches("root", root, "Milvus", deadline)).isFalse();
  }

  @Test
  void aHashIsMadeWithTheConfiguredCost() {
    PasswordHash hash = passwords.hash("secret", deadline);

    assertThat(hash.text()).startsWith("pbkdf2-sha256$10$");
    assertThat(new SecurityConfig("first", 10)).hasToString("SecurityConfig[iterations=10]");
  }
}
