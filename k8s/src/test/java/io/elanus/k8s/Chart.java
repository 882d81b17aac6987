package io.elanus.k8s;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The chart in this module's folder.
final class Chart {
  static final Path FOLDER = Path.of("chart").toAbsolutePath();

  /// What a cluster cannot do without.
  static final Map<String, Object> ADDRESSES =
      Map.of(
          "externalKafka.brokerList", "kafka:9092",
          "externalMysql.address", "mysql",
          "externalS3.bucketName", "bucket");

  private Chart() {}

  /// The objects Helm makes of the chart with `valuesFile` ("" for none) and `values` on top.
  static List<HasMetadata> render(String valuesFile, Map<String, Object> values) {
    String text = template(valuesFile, values);
    return Arrays.stream(text.split("(?m)^---\\s*$"))
        .filter(document -> document.lines().anyMatch(l -> !l.isBlank() && !l.startsWith("#")))
        .map(document -> (HasMetadata) Serialization.unmarshal(document))
        .toList();
  }

  static String template(String valuesFile, Map<String, Object> values) {
    TemplateCommand command = new Helm(FOLDER).template().withName("test");
    if (!valuesFile.isEmpty()) {
      command.withValuesFile(FOLDER.resolve(valuesFile));
    }
    values.forEach(command::set);
    return command.call();
  }
}
