package io.elanus.common.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// An index as its user defined it.
///
/// @param params exactly the user's parameters in their order: `index_type`, `metric_type`, `params`, flat keys
/// @param createdTimestamp hybrid timestamp
public record IndexDefinition(
    IndexId id,
    CollectionId collection,
    long fieldId,
    String name,
    Map<String, String> params,
    long createdTimestamp) {
  public IndexDefinition {
    params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
  }
}
