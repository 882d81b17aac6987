package io.elanus.common.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
  /// Computed with Python: `hashlib.pbkdf2_hmac("sha256", "pässword".encode(), bytes(range(16)), 1000)`.
  private static final String KNOWN =
      "pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw$T0Z5wUqa/rr8kWb7KeLsnYrEP6Go8Ns+sglAvd4sSjw";

  @Test
  void aHashOfAnotherProgramMatches() {
    assertThat(new PasswordHash(KNOWN).matches("pässword")).isTrue();
    assertThat(new PasswordHash(KNOWN).matches("password")).isFalse();
  }

  @Test
  void theSamePasswordHasAnotherHashEachTime() {
    PasswordHash one = PasswordHash.of("secret", 10);
    PasswordHash other = PasswordHash.of("secret", 10);

    assertThat(one).isNotEqualTo(other);
    assertThat(one.matches("secret")).isTrue();
    assertThat(other.matches("secret")).isTrue();
    assertThat(other.matches("Secret")).isFalse();
  }

  @Test
  void aDecoyMatchesNothing() {
    assertThat(PasswordHash.decoy(10).matches("")).isFalse();
  }

  @Test
  void theHashIsNotPrinted() {
    assertThat(PasswordHash.of("secret", 10)).hasToString("PasswordHash[]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "$2a$10$abcdefghijklmnopqrstuv",
        "pbkdf2-sha256$0$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8",
        "pbkdf2-sha256$99999999$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8",
        "pbkdf2-sha256$1000$AAEC$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8",
        "pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw$%%"
      })
  void whatIsNoHashIsRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> new PasswordHash(text))
        .isInstanceOf(DbException.class)
        .hasMessage("a password hash is not of the form pbkdf2-sha256");
  }
}
