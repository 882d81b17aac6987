package io.elanus.adapters.s3;

import java.util.Optional;

/// Who we are to the bucket.
public sealed interface S3Credentials {
  S3Credentials DEFAULT_CHAIN = new DefaultChain();

  /// Environment, profile, web identity, container role, instance role: the first that is there. Renewed
  /// before they expire.
  record DefaultChain() implements S3Credentials {}

  /// Keys that never change.
  record Fixed(String accessKeyId, String secretAccessKey, Optional<String> sessionToken)
      implements S3Credentials {
    @Override
    public String toString() {
      return "Fixed[accessKeyId=%s]".formatted(accessKeyId);
    }
  }

  static S3Credentials of(String accessKeyId, String secretAccessKey) {
    return new Fixed(accessKeyId, secretAccessKey, Optional.empty());
  }
}
