package io.elanus.rpc.call;

import io.grpc.Metadata;
import java.util.Optional;

/// Text values of a call's metadata. A key without a value counts as absent.
final class MetadataKeys {
  private MetadataKeys() {}

  static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  static Optional<String> find(Metadata headers, Metadata.Key<String> key) {
    return Optional.ofNullable(headers.get(key)).filter(value -> !value.isEmpty());
  }
}
