package io.elanus.proxy.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexSpec;
import io.elanus.common.model.ResolvedIndex;
import io.elanus.proxy.Invalid;
import java.util.LinkedHashMap;
import java.util.Map;

/// Parameters of indexes and searches: flat, or wrapped as JSON under `params`, or both.
public final class IndexParams {
  private static final String WRAPPED = "params";
  private static final JsonMapper MAPPER = new JsonMapper();

  private IndexParams() {}

  /// All parameters by name, without the wrapping; one given both ways counts as given flat.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for wrapped ones that are no JSON object
  public static Map<String, String> flatten(Map<String, String> params) {
    Map<String, String> flat = new LinkedHashMap<>();
    unwrap(params.getOrDefault(WRAPPED, ""), flat);
    flat.putAll(params);
    flat.remove(WRAPPED);
    return flat;
  }

  private static void unwrap(String json, Map<String, String> flat) {
    if (json.isBlank()) {
      return;
    }
    JsonNode object = parse(json);
    if (!object.isObject()) {
      throw Invalid.parameter("params should be a JSON object: %s", json);
    }
    object.properties().forEach(e -> flat.put(e.getKey(), text(e.getValue())));
  }

  private static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException _) {
      throw Invalid.parameter("params is not valid JSON: %s", json);
    }
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  /// What is built over the field.
  ///
  /// @throws io.elanus.common.error.DbException `INDEX_NOT_FOUND`
  public static ResolvedIndex resolve(CollectionView view, Field field) {
    IndexDefinition index =
        view.indexOf(field)
            .orElseThrow(() -> ErrorCode.INDEX_NOT_FOUND.with("field", field.name()));
    return IndexSpec.resolve(field, flatten(index.flatParams()));
  }
}
