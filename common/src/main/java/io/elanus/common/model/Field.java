package io.elanus.common.model;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A field of a collection.
///
/// @param id from 100 in declared order; the dynamic field has the next free id
/// @param typeParams as the user gave them, by name: `dim`, `max_length`, `max_capacity`, `mmap.enabled`...
/// @param dynamic whether this is `$meta`, the hidden JSON field that holds undeclared keys
public record Field(
    long id,
    String name,
    String description,
    DataType type,
    boolean primaryKey,
    boolean autoId,
    boolean partitionKey,
    boolean dynamic,
    Map<String, String> typeParams) {
  public static final long FIRST_ID = 100;
  public static final String DYNAMIC_NAME = "$meta";

  public Field {
    typeParams = Collections.unmodifiableSortedMap(new TreeMap<>(typeParams));
  }

  /// The number of values of a dense vector.
  ///
  /// @throws DbException `INVALID_PARAMETER` when the field has no `dim`
  public int dimension() {
    return intParam("dim");
  }

  /// The longest value of a VarChar, in bytes of UTF-8.
  public int maxLength() {
    return intParam("max_length");
  }

  private int intParam(String param) {
    String text = typeParams.get(param);
    if (text == null) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "type param(%s) should be specified for the field(%s)", param, name);
    }
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      throw new DbException(
          ErrorCode.INVALID_PARAMETER,
          "invalid %s: %s of field %s".formatted(param, text, name),
          e);
    }
  }
}
