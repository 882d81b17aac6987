package io.elanus.adapters.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdConfigTest {
  private static EtcdConfig config(String rootPath, Duration callTimeout) {
    return new EtcdConfig(
        List.of(EtcdConfig.Endpoint.parse("etcd-1:2379")),
        Optional.of(new EtcdConfig.User("me", "secret")),
        new EtcdConfig.Tls.Off(),
        rootPath,
        callTimeout);
  }

  @Test
  void anEndpointIsAHostAndAPort() {
    assertThat(EtcdConfig.Endpoint.parse("etcd-1:2379"))
        .isEqualTo(new EtcdConfig.Endpoint("etcd-1", 2379));
    assertThatThrownBy(() -> EtcdConfig.Endpoint.parse("http://etcd-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'http://etcd-1' is not <host>:<port>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "a b", "\u00e9"})
  void aRootPathIsNamesBetweenSlashes(String wrong) {
    assertThatThrownBy(() -> config(wrong, EtcdConfig.DEFAULT_CALL_TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(config("by-dev/one", EtcdConfig.DEFAULT_CALL_TIMEOUT).rootPath())
        .isEqualTo("by-dev/one");
  }

  @Test
  void timesHaveBounds() {
    assertThatThrownBy(() -> config("a", Duration.ofMillis(100)))
        .hasMessage("call timeout PT0.1S is out of bounds");
  }

  @Test
  void thePasswordIsNotShown() {
    EtcdConfig config = config("a", EtcdConfig.DEFAULT_CALL_TIMEOUT);

    assertThat(config + " " + config.user()).doesNotContain("secret");
  }
}
