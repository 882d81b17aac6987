package io.elanus.adapters.s3;

import java.util.Optional;

/// How the bucket encrypts what we create. Reading needs no setting.
public sealed interface S3Encryption {
  S3Encryption BUCKET_DEFAULT = new BucketDefault();
  S3Encryption AES256 = new Aes256();

  /// As the bucket is configured.
  record BucketDefault() implements S3Encryption {}

  /// With keys of S3 (SSE-S3).
  record Aes256() implements S3Encryption {}

  /// With a key of KMS (SSE-KMS), through the bucket's own key where it has one.
  ///
  /// @param keyId id, ARN or alias; empty for the account's `aws/s3` key
  record Kms(Optional<String> keyId) implements S3Encryption {}
}
