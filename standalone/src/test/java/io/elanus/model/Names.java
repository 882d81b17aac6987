package io.elanus.model;

/// Names that nothing had before in this run.
final class Names {
  private final String collection;
  private int last;

  /// @param collection what names of collections begin with
  Names(String collection) {
    this.collection = collection;
  }

  String next(String prefix) {
    return prefix + ++last;
  }

  String ofCollection() {
    return next(collection + "_");
  }
}
