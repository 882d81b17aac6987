package io.elanus.adapters.s3;

import io.elanus.common.object.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/// The requests of one bucket and root. Creates never replace anything: `If-None-Match: *`. Each carries who
/// creates, so that after a lost answer the creator recognises its own object.
final class S3Requests {
  private static final String NOTHING_THERE = "*";
  private static final String CREATOR = "elanus-creator";

  /// Most keys of one answer to a list.
  private static final int PAGE = 1_000;

  private final String bucket;
  private final String prefix;
  private final S3Encryption encryption;

  S3Requests(S3Config config) {
    this.bucket = config.bucket();
    this.prefix = config.root().isEmpty() ? "" : config.root() + "/";
    this.encryption = config.encryption();
  }

  /// A key or a prefix of keys, as the bucket has it.
  private String full(String key) {
    return prefix + key;
  }

  private String full(ObjectKey key) {
    return full(key.value());
  }

  /// The opposite of [#full]. Empty for an object that is none of ours: somebody put it there.
  Optional<ObjectKey> ours(String full) {
    try {
      return Optional.of(new ObjectKey(full.substring(prefix.length())));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /// As messages name it.
  String resource(ObjectKey key) {
    return resource(key.value());
  }

  String resource(String prefixOfKeys) {
    return "s3://%s/%s".formatted(bucket, full(prefixOfKeys));
  }

  PutObjectRequest put(ObjectKey key, String creator) {
    return PutObjectRequest.builder()
        .bucket(bucket)
        .key(full(key))
        .ifNoneMatch(NOTHING_THERE)
        .metadata(Map.of(CREATOR, creator))
        .serverSideEncryption(algorithm())
        .ssekmsKeyId(kmsKeyId())
        .bucketKeyEnabled(bucketKey())
        .build();
  }

  CreateMultipartUploadRequest startUpload(ObjectKey key, String creator) {
    return CreateMultipartUploadRequest.builder()
        .bucket(bucket)
        .key(full(key))
        .metadata(Map.of(CREATOR, creator))
        .serverSideEncryption(algorithm())
        .ssekmsKeyId(kmsKeyId())
        .bucketKeyEnabled(bucketKey())
        .build();
  }

  /// Null, as the next two: the request says nothing about it.
  private @Nullable ServerSideEncryption algorithm() {
    return switch (encryption) {
      case S3Encryption.BucketDefault _ -> null;
      case S3Encryption.Aes256 _ -> ServerSideEncryption.AES256;
      case S3Encryption.Kms _ -> ServerSideEncryption.AWS_KMS;
    };
  }

  private @Nullable String kmsKeyId() {
    return encryption instanceof S3Encryption.Kms kms ? kms.keyId().orElse(null) : null;
  }

  /// Fewer requests to KMS: one key of the bucket's own for many objects.
  private @Nullable Boolean bucketKey() {
    return encryption instanceof S3Encryption.Kms ? Boolean.TRUE : null;
  }

  /// @param number from 1
  UploadPartRequest putPart(ObjectKey key, String upload, int number) {
    return UploadPartRequest.builder()
        .bucket(bucket)
        .key(full(key))
        .uploadId(upload)
        .partNumber(number)
        .build();
  }

  CompleteMultipartUploadRequest finishUpload(
      ObjectKey key, String upload, List<CompletedPart> parts) {
    return CompleteMultipartUploadRequest.builder()
        .bucket(bucket)
        .key(full(key))
        .uploadId(upload)
        .ifNoneMatch(NOTHING_THERE)
        .multipartUpload(m -> m.parts(parts))
        .build();
  }

  AbortMultipartUploadRequest abortUpload(ObjectKey key, String upload) {
    return AbortMultipartUploadRequest.builder()
        .bucket(bucket)
        .key(full(key))
        .uploadId(upload)
        .build();
  }

  HeadObjectRequest head(ObjectKey key) {
    return HeadObjectRequest.builder().bucket(bucket).key(full(key)).build();
  }

  static boolean isBy(String creator, HeadObjectResponse object) {
    return creator.equals(object.metadata().get(CREATOR));
  }

  GetObjectRequest get(ObjectKey key) {
    return GetObjectRequest.builder().bucket(bucket).key(full(key)).build();
  }

  GetObjectRequest get(ObjectKey key, ByteRange range) {
    return GetObjectRequest.builder().bucket(bucket).key(full(key)).range(range.asHeader()).build();
  }

  /// @param after a key, or "" to begin with the first
  ListObjectsV2Request list(String prefixOfKeys, String after, int limit) {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder()
            .bucket(bucket)
            .prefix(full(prefixOfKeys))
            .maxKeys(Math.min(PAGE, limit));
    return after.isEmpty() ? request.build() : request.startAfter(full(after)).build();
  }

  DeleteObjectRequest delete(ObjectKey key) {
    return DeleteObjectRequest.builder().bucket(bucket).key(full(key)).build();
  }
}
