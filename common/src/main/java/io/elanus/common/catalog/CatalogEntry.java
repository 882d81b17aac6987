package io.elanus.common.catalog;

import java.util.Arrays;

/// An entry of the metastore, as it was.
///
/// @param value not to be changed
public record CatalogEntry(String key, byte[] value) {
  @Override
  public boolean equals(Object other) {
    return other instanceof CatalogEntry(String otherKey, byte[] otherValue)
        && key.equals(otherKey)
        && Arrays.equals(value, otherValue);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "%s (%d bytes)".formatted(key, value.length);
  }
}
