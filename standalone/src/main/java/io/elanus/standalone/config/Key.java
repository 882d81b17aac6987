package io.elanus.standalone.config;

import java.util.List;
import java.util.Locale;

/// One configuration key.
///
/// @param name as in the file, with dots; the name Milvus has for it where the meaning is the same
/// @param initial the value that holds when nothing else is said
/// @param doc one sentence for the documentation
/// @param aliases environment variables that Milvus deployments set for it
public record Key<T>(String name, Kind<T> kind, T initial, String doc, List<String> aliases) {
  /// Begins the environment variables that set keys.
  static final String PREFIX = "ELANUS_";

  public Key {
    aliases = List.copyOf(aliases);
  }

  /// `ELANUS_MINIO_BUCKETNAME` for `minio.bucketName`.
  public String environmentName() {
    return PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  public boolean isSecret() {
    return kind instanceof Kind.Secret;
  }

  /// The default as it may be written.
  String printedInitial() {
    return kind.print(initial);
  }
}
