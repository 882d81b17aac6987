package io.elanus.common.model;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A field of a collection.
///
/// @param id from 100 in declared order; the dynamic field has the next free id
/// @param typeParams as the user gave them, by name: `dim`, `max_length`, `max_capacity`, `mmap.enabled`...
/// @param dynamic whether this is `$meta`, the hidden JSON field that holds undeclared keys
/// @param nullable whether rows may come without a value: then every column of it is a [NullableColumn]
/// @param elementType of arrays
public record Field(
    long id,
    String name,
    String description,
    DataType type,
    boolean primaryKey,
    boolean autoId,
    boolean partitionKey,
    boolean dynamic,
    boolean nullable,
    Optional<DefaultValue> defaultValue,
    Optional<DataType> elementType,
    Map<String, String> typeParams) {
  public static final long FIRST_ID = 100;
  public static final String DYNAMIC_NAME = "$meta";

  public Field {
    typeParams = Collections.unmodifiableSortedMap(new TreeMap<>(typeParams));
  }

  /// A field of which every row has a value, and no array.
  public Field(
      long id,
      String name,
      String description,
      DataType type,
      boolean primaryKey,
      boolean autoId,
      boolean partitionKey,
      boolean dynamic,
      Map<String, String> typeParams) {
    this(
        id,
        name,
        description,
        type,
        primaryKey,
        autoId,
        partitionKey,
        dynamic,
        false,
        Optional.empty(),
        Optional.empty(),
        typeParams);
  }

  public Field withId(long newId) {
    return new Field(
        newId,
        name,
        description,
        type,
        primaryKey,
        autoId,
        partitionKey,
        dynamic,
        nullable,
        defaultValue,
        elementType,
        typeParams);
  }

  /// Whether rows may be written without it.
  public boolean optional() {
    return nullable || defaultValue.isPresent();
  }

  /// Whether rows may be older than the field: [Columns#absent] says what they have of it.
  public boolean maybeYounger() {
    return optional() || dynamic;
  }

  /// An element of the array this field is, as a field.
  public Field element() {
    return new Field(
        id,
        name,
        description,
        elementType.orElseThrow(
            () -> ErrorCode.INVALID_PARAMETER.because("array field %s has no element type", name)),
        false,
        false,
        false,
        false,
        typeParams);
  }

  /// The type of the field's vectors: of a field of lists of them, of those in the lists. Of a field of no vectors its own.
  public DataType vectorType() {
    return type == DataType.ARRAY_OF_VECTOR ? element().type() : type;
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

  /// The most elements of an array.
  public int maxCapacity() {
    return intParam("max_capacity");
  }

  /// The bytes of a dense vector that is not of float32.
  public int vectorBytes() {
    return switch (type) {
      case BINARY_VECTOR -> dimension() / Byte.SIZE;
      case FLOAT16_VECTOR, BFLOAT16_VECTOR -> 2 * dimension();
      case INT8_VECTOR -> dimension();
      default ->
          throw ErrorCode.INVALID_PARAMETER.because(
              "field %s of type %s is no vector of bytes", name, type.milvusName());
    };
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
