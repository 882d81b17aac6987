package io.elanus.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.standalone.config.Configuration;
import io.elanus.standalone.config.Keys;
import io.elanus.standalone.config.Setting;
import io.elanus.standalone.config.Source;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the chart and compose.yaml tell processes is what processes understand.
final class ConfigurationTest {
  private static final String SECRET = "of-a-secret";
  private static final Pattern COMPOSE_VARIABLE = Pattern.compile("(?m)^ +(ELANUS_[A-Z_]+): (.*)$");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "values-standalone.yaml", "values-dev.yaml", "values-eks.yaml"})
  void everyPodStartsWithWhatTheChartSays(String values) throws IOException {
    check(Chart.render(values, Chart.ADDRESSES));
  }

  @Test
  void aQueryNodeKnowsWhatItMayKeepAndLoad() throws IOException {
    List<HasMetadata> objects = Chart.render("", Chart.ADDRESSES);
    Path file = folder.resolve("elanus.yaml");
    Files.writeString(file, config(objects));

    Configuration configuration =
        Pods.of(objects).values().stream()
            .map(pod -> pod.getSpec().getContainers().getFirst())
            .filter(container -> container.getName().equals("querynode"))
            .map(container -> settings(container.getArgs()))
            .map(settings -> read(Optional.of(file), Map.of(), settings))
            .findFirst()
            .orElseThrow();

    assertThat(configuration.get(Keys.CACHE_DISK)).isEqualTo(90L << 30);
    assertThat(configuration.get(Keys.CACHE_MEMORY))
        .isEqualTo((8L << 30) / (1 << 20) * 4 / 10 << 20);
  }

  /// Parts of the chart that its own files leave out.
  @ParameterizedTest
  @CsvSource({
    "metastore.type, etcd, externalEtcd.endpoints[1], etcd-1:2379",
    "externalEtcd.existingSecret, secret, metastore.type, etcd",
    "externalKafka.securityProtocol, SASL_SSL, externalKafka.sasl.existingSecret, secret",
    "externalMysql.existingSecret, secret, externalMysql.tls, true",
    "externalMysql.useIAM, true, externalMysql.tls, true",
    "externalS3.existingSecret, secret, externalS3.useIAM, false",
    "proxy.tls.enabled, true, proxy.tls.secretName, secret"
  })
  void everyOptionIsUnderstood(String key, String value, String otherKey, String otherValue)
      throws IOException {
    Map<String, Object> values = new HashMap<>(Chart.ADDRESSES);
    values.put("externalEtcd.endpoints[0]", "etcd:2379");
    values.put(key, value);
    values.put(otherKey, otherValue);

    check(Chart.render("", values));
  }

  @Test
  void composeSaysWhatProcessesUnderstand() throws IOException {
    String compose = Files.readString(Chart.FOLDER.resolve("../../compose.yaml"));
    Map<String, String> environment =
        COMPOSE_VARIABLE
            .matcher(compose)
            .results()
            .collect(Collectors.toMap(match -> match.group(1), ConfigurationTest::value));

    Configuration configuration = read(Optional.empty(), environment, List.of());

    assertThat(configuration.setCount()).isEqualTo(environment.size());
    assertThat(configuration.get(Keys.MQ_TYPE)).isEqualTo("kafka");
  }

  private static String value(MatchResult variable) {
    String text = variable.group(2).strip().replace("\"", "");
    return text.startsWith("${") ? SECRET : text;
  }

  private void check(List<HasMetadata> objects) throws IOException {
    Path file = folder.resolve("elanus.yaml");
    Files.writeString(file, config(objects));
    Map<String, PodTemplateSpec> pods = Pods.of(objects);
    assertThat(pods).isNotEmpty();
    for (PodTemplateSpec pod : pods.values()) {
      Container container = pod.getSpec().getContainers().getFirst();
      Configuration configuration =
          read(Optional.of(file), environment(container), settings(container.getArgs()));
      assertThat(configuration.get(Keys.HOST)).isEqualTo("0.0.0.0");
    }
  }

  private static String config(List<HasMetadata> objects) {
    return objects.stream()
        .filter(ConfigMap.class::isInstance)
        .map(map -> ((ConfigMap) map).getData().get("elanus.yaml"))
        .filter(text -> text != null)
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> environment(Container container) {
    return container.getEnv().stream()
        .filter(variable -> variable.getName().startsWith("ELANUS_"))
        .filter(variable -> !variable.getName().equals("ELANUS_CONFIG"))
        .collect(
            Collectors.toMap(EnvVar::getName, v -> v.getValue() == null ? SECRET : v.getValue()));
  }

  private static List<Setting> settings(List<String> args) {
    List<Setting> settings = new ArrayList<>();
    for (int i = 0; i + 1 < args.size(); i++) {
      if (args.get(i).equals("--set")) {
        String[] parts = args.get(i + 1).split("=", 2);
        settings.add(new Setting(parts[0], parts[1], new Source.CommandLine("--set")));
      }
    }
    return settings;
  }

  private static Configuration read(
      Optional<Path> file, Map<String, String> environment, List<Setting> settings) {
    return Configuration.read(new Configuration.Input(file, environment, settings));
  }
}
