package io.elanus.adapters.s3;

import java.util.regex.Pattern;

/// Which bucket, and how to reach it.
///
/// @param bucket its name
/// @param root prefix of all keys, without a slash at its ends; "" for none. Clusters that share a bucket have
///     different ones
public record S3Config(
    String bucket,
    String root,
    S3Endpoint endpoint,
    S3Credentials credentials,
    S3Encryption encryption,
    S3Limits limits) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern ROOT =
      Pattern.compile("|(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)*");

  /// S3 takes 1,024 characters, our own keys at most 512.
  private static final int MAX_ROOT_LENGTH = 256;

  public S3Config {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("not the name of a bucket: '%s'".formatted(bucket));
    }
    if (!ROOT.matcher(root).matches() || root.length() > MAX_ROOT_LENGTH) {
      throw new IllegalArgumentException("not a prefix of keys: '%s'".formatted(root));
    }
  }

  /// `bucket` in its own region, all else as it is by default.
  public static S3Config of(String bucket, String root, S3Endpoint endpoint) {
    return new S3Config(
        bucket,
        root,
        endpoint,
        S3Credentials.DEFAULT_CHAIN,
        S3Encryption.BUCKET_DEFAULT,
        S3Limits.DEFAULT);
  }

  public S3Config with(S3Credentials credentials) {
    return new S3Config(bucket, root, endpoint, credentials, encryption, limits);
  }

  public S3Config with(S3Encryption encryption) {
    return new S3Config(bucket, root, endpoint, credentials, encryption, limits);
  }

  public S3Config with(S3Limits limits) {
    return new S3Config(bucket, root, endpoint, credentials, encryption, limits);
  }
}
