package io.elanus.common.memory;

/// Heap of one request, asked for before it is taken.
@FunctionalInterface
public interface HeapShare {
  /// Of a request that nobody counts.
  HeapShare UNCOUNTED = _ -> {};

  /// @param bytes more, that the request keeps until it ends
  /// @throws RuntimeException to be let through: the request is refused, or its work begins again when there is
  ///     room
  void take(long bytes);
}
