package io.elanus.common.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A field that holds a list of structs in every row. It has no values of its own: each of its sub-fields is a field of
/// the collection, an array or an array of vectors, and all of them have lists of one length in a row
/// (docs/decisions/0134-array-of-struct.md).
///
/// ```
/// the user's     chunks: [{text: "a", page: 1}, {text: "b", page: 2}]
/// fields         chunks[text]: ["a", "b"]     chunks[page]: [1, 2]
/// ```
///
/// @param id from the numbers of fields
/// @param nullable whether rows may come without it: then each of its sub-fields is nullable, and null in the same rows
/// @param typeParams as the user gave them, by name
public record StructField(
    long id, String name, String description, boolean nullable, Map<String, String> typeParams) {
  public StructField {
    typeParams = Collections.unmodifiableSortedMap(new TreeMap<>(typeParams));
  }

  public StructField withId(long newId) {
    return new StructField(newId, name, description, nullable, typeParams);
  }

  /// What the field of a collection is called that is the sub-field `subField` here. No other field has a bracket in
  /// its name.
  public String nameOf(String subField) {
    return nameOf(name, subField);
  }

  /// As [#nameOf(String)], of the struct called `struct`.
  public static String nameOf(String struct, String subField) {
    return "%s[%s]".formatted(struct, subField);
  }

  /// Whether `field` is one of its sub-fields.
  public boolean holds(Field field) {
    return field.name().startsWith(name + "[");
  }

  /// What the user calls the sub-field.
  ///
  /// @param field one that it holds
  public String shortName(Field field) {
    return field.name().substring(name.length() + 1, field.name().length() - 1);
  }
}
