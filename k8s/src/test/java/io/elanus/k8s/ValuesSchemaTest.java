package io.elanus.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// `values.schema.json` says that the keys of `values.yaml` are all there are, so that a misspelt one is
/// refused. It is made from that file: run with `-Dupdate=true` after a change.
final class ValuesSchemaTest {
  private static final Path SCHEMA = Chart.FOLDER.resolve("values.schema.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Maps whose keys are the user's.
  private static final Set<String> OPEN =
      Set.of(
          "labels",
          "annotations",
          "additionalLabels",
          "nodeSelector",
          "affinity",
          "strategy",
          "resources",
          "securityContext",
          "containerSecurityContext",
          "startupProbe",
          "livenessProbe",
          "readinessProbe",
          "extraConfigFiles",
          "global");

  @Test
  void theSchemaIsThatOfTheValues() throws IOException {
    JsonNode values =
        Serialization.yamlMapper().readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    ObjectNode schema = JSON.createObjectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.setAll(describe("", values));
    ((ObjectNode) schema.get("properties"))
        .set("global", JSON.createObjectNode().put("type", "object"));
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    if (Boolean.getBoolean("update")) {
      Files.writeString(SCHEMA, text);
    }

    assertThat(Files.readString(SCHEMA)).isEqualTo(text);
  }

  private static ObjectNode describe(String name, JsonNode value) {
    ObjectNode schema = JSON.createObjectNode();
    if (value.isObject()) {
      schema.put("type", "object");
      if (!OPEN.contains(name)) {
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        value
            .properties()
            .forEach(e -> properties.set(e.getKey(), describe(e.getKey(), e.getValue())));
      }
    } else if (value.isArray()) {
      schema.put("type", "array");
    } else if (value.isBoolean()) {
      schema.put("type", "boolean");
    } else if (value.isNumber()) {
      schema.put("type", "integer");
    } else {
      // a number is welcome where a text is expected: nodePort, thresholds
      schema.putArray("type").add("string").add("number");
    }
    return schema;
  }
}
