package io.elanus.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private Optional<Path> file = Optional.empty();

  @Test
  void whatNobodySaysIsTheDefault() {
    Configuration configuration = read();

    assertThat(configuration.get(Keys.PROXY_PORT)).isEqualTo(19530);
    assertThat(configuration.get(Keys.ELECTION_TTL)).isEqualTo(Duration.ofSeconds(5));
    assertThat(configuration.source(Keys.PROXY_PORT)).hasToString("default");
    assertThat(configuration.setCount()).isZero();
  }

  @Test
  void theLastToSpeakIsRight() {
    file(
        """
        proxy:
          port: 1
          grpc:
            serverMaxRecvSize: 64MiB
        metrics.port: 1
        localStorage:
          path: /from/file
        """);
    environment.put("ELANUS_METRICS_PORT", "2");
    environment.put("ELANUS_LOCALSTORAGE_PATH", "/from/environment");

    Configuration configuration = read("localStorage.path=/from/set");

    assertThat(configuration.get(Keys.PROXY_PORT)).isEqualTo(1);
    assertThat(configuration.get(Keys.PROXY_MAX_MESSAGE)).isEqualTo(64L << 20);
    assertThat(configuration.get(Keys.METRICS_PORT)).isEqualTo(2);
    assertThat(configuration.get(Keys.LOCAL_STORAGE)).contains(Path.of("/from/set"));
    assertThat(configuration.source(Keys.PROXY_PORT)).hasToString(file.orElseThrow() + ":2");
    assertThat(configuration.source(Keys.METRICS_PORT))
        .hasToString("environment ELANUS_METRICS_PORT");
    assertThat(configuration.source(Keys.LOCAL_STORAGE)).hasToString("--set");
  }

  @Test
  void allProblemsAreToldAtOnceAndEachNamesWhatWasMeant() {
    file(
        """
        proxy:
          prot: 1
        metrics.port: many
        log:
          level: loud
        """);
    environment.put("ELANUS_PROXY_PROT", "1");

    assertThatThrownBy(() -> read("common.session.ttl=1000h", "nothing.like.it=1", "no=equal"))
        .isInstanceOf(DbException.class)
        .hasMessage(
            """
            7 problems in the configuration:
              1. %1$s:2: there is no key proxy.prot, did you mean proxy.port?
              2. %1$s:3: metrics.port is 'many', it should be a number in 0..65535
              3. %1$s:5: log.level is 'loud', it should be one of trace, debug, info, warn, error
              4. environment: there is no key for ELANUS_PROXY_PROT, did you mean ELANUS_PROXY_PORT?
              5. --set: common.session.ttl is '1000h', it should be a duration in 1s..300s (a plain number \
            counts seconds)
              6. --set: there is no key nothing.like.it; `elanus config --help` lists all keys
              7. --set: there is no key no; `elanus config --help` lists all keys\
            """
                .formatted(file.orElseThrow()));
  }

  @Test
  void aFileThatIsNoYamlIsNamedWithoutShowingWhatIsInIt() {
    file(
        """
        minio:
          secretAccessKey: "s3cr3t
        """);

    assertThatThrownBy(this::read)
        .hasMessageContaining(file.orElseThrow() + ":")
        .hasMessageContaining("is not valid YAML")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void aKeySaidTwiceInOneFileIsAMistake() {
    file(
        """
        proxy:
          port: 1
          port: 2
        """);

    assertThatThrownBy(this::read)
        .hasMessageContaining(file.orElseThrow() + ":3: proxy.port is said twice");
  }

  @Test
  void durationsAndSizesHaveUnitsAndPlainNumbersThoseOfMilvus() {
    Configuration configuration =
        read(
            "common.gracefulTime=250",
            "common.session.ttl=30",
            "common.election.ttl=1500ms",
            "common.gracefulStopTimeout=2m",
            "grpc.serverMaxRecvSize=67108864");

    assertThat(configuration.get(Keys.BOUNDED_STALENESS)).isEqualTo(Duration.ofMillis(250));
    assertThat(configuration.get(Keys.SESSION_TTL)).isEqualTo(Duration.ofSeconds(30));
    assertThat(configuration.get(Keys.ELECTION_TTL)).isEqualTo(Duration.ofMillis(1500));
    assertThat(configuration.get(Keys.GRACEFUL_STOP)).isEqualTo(Duration.ofMinutes(2));
    assertThat(configuration.get(Keys.MAX_MESSAGE)).isEqualTo(64L << 20);
  }

  @Test
  void variablesOfMilvusDeploymentsCountLessThanOurOwn() {
    environment.put("METRICS_PORT", "1");
    assertThat(read().get(Keys.METRICS_PORT)).isEqualTo(1);

    environment.put("ELANUS_METRICS_PORT", "2");
    assertThat(read().get(Keys.METRICS_PORT)).isEqualTo(2);
  }

  @Test
  void whatKubernetesSaysOfServicesIsNoSetting() {
    environment.put("ELANUS_PROXY_PORT", "tcp://10.0.0.7:19530");
    environment.put("ELANUS_PROXY_PORT_19530_TCP", "tcp://10.0.0.7:19530");
    environment.put("ELANUS_PROXY_PORT_19530_TCP_ADDR", "10.0.0.7");
    environment.put("ELANUS_PROXY_SERVICE_HOST", "10.0.0.7");
    environment.put("ELANUS_PROXY_SERVICE_PORT_GRPC", "19530");

    assertThat(read().setCount()).isZero();
  }

  @Test
  void everyKeyCanBeWrittenAsItIsShown() {
    for (Key<?> key : Keys.ALL) {
      if (!key.isSecret()) {
        assertThat(reread(key)).as(key.name()).isEqualTo(Optional.of(key.initial()));
      }
    }
  }

  private static <T> Optional<T> reread(Key<T> key) {
    return key.kind().parse(key.kind().print(key.initial()));
  }

  @Test
  void noTwoKeysShareAVariable() {
    List<String> variables =
        Keys.ALL.stream()
            .flatMap(key -> Stream.concat(Stream.of(key.environmentName()), key.aliases().stream()))
            .toList();

    assertThat(variables).doesNotHaveDuplicates();
  }

  private void file(String text) {
    try {
      file = Optional.of(Files.writeString(folder.resolve("elanus.yaml"), text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Configuration read(String... set) {
    List<Setting> settings =
        Stream.of(set)
            .map(text -> text.split("=", 2))
            .map(pair -> new Setting(pair[0], pair[1], new Source.CommandLine("--set")))
            .toList();
    return Configuration.read(new Configuration.Input(file, environment, settings));
  }
}
