package io.elanus.adapters.s3;

import java.net.URI;
import java.util.Optional;

/// Where the bucket is.
///
/// @param region empty: as the environment says (`AWS_REGION`, the profile, the instance)
/// @param address of another server than AWS's for the region
/// @param pathStyle `http://host/bucket/key` instead of `http://bucket.host/key`; most servers that are not AWS's
///     want it
public record S3Endpoint(Optional<String> region, Optional<URI> address, boolean pathStyle) {
  /// AWS in the region that the environment says.
  public static final S3Endpoint AWS = new S3Endpoint(Optional.empty(), Optional.empty(), false);

  public static S3Endpoint of(String region, URI address) {
    return new S3Endpoint(Optional.of(region), Optional.of(address), true);
  }
}
