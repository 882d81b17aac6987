package io.elanus.common.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// An index as its user defined it.
///
/// @param params the user's parameters in their order: `index_type`, `metric_type`, `params`, flat keys; of an automatic index with the metric that
///     was chosen, over JSON with the path that is meant, where the user gave none
/// @param flatParams the same with the JSON text under `params` taken apart: what [IndexSpec] looks at
/// @param createdTimestamp hybrid timestamp
public record IndexDefinition(
    IndexId id,
    CollectionId collection,
    long fieldId,
    String name,
    Map<String, String> params,
    Map<String, String> flatParams,
    long createdTimestamp) {
  public IndexDefinition {
    flatParams = Collections.unmodifiableMap(new LinkedHashMap<>(flatParams));
    params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
  }

  /// Of parameters that hold no JSON text.
  public IndexDefinition(
      IndexId id,
      CollectionId collection,
      long fieldId,
      String name,
      Map<String, String> params,
      long createdTimestamp) {
    this(id, collection, fieldId, name, params, params, createdTimestamp);
  }
}
