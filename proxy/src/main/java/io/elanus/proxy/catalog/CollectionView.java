package io.elanus.proxy.catalog;

import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import java.util.List;
import java.util.Optional;

/// A collection and its indexes, as they were at one moment.
public record CollectionView(Collection collection, List<IndexDefinition> indexes) {
  public CollectionView {
    indexes = List.copyOf(indexes);
  }

  public CollectionSchema schema() {
    return collection.schema();
  }

  public Optional<IndexDefinition> indexOf(Field field) {
    return indexes.stream().filter(index -> index.fieldId() == field.id()).findFirst();
  }
}
