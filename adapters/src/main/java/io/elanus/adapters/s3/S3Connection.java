package io.elanus.adapters.s3;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/// Makes the SDK's client as we use it: blocking, and without its own retries, because [S3Calls] has ours.
/// Checksums stay as the SDK has them: a CRC32 travels behind each body and the bucket refuses what does not
/// match.
final class S3Connection {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

  /// Without a byte in either direction.
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(10);

  private S3Connection() {}

  /// @throws IllegalArgumentException when no region is configured and none is found
  static S3Client open(S3Config config) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http(config.limits()))
            .credentialsProvider(provider(config.credentials()))
            .forcePathStyle(config.endpoint().pathStyle())
            .overrideConfiguration(o ->
                o.retryStrategy(AwsRetryStrategy.doNotRetry())
                    .apiCallAttemptTimeout(config.limits().tryLimit()));
    config.endpoint().region().ifPresent(region -> builder.region(Region.of(region)));
    config.endpoint().address().ifPresent(builder::endpointOverride);
    try {
      return builder.build();
    } catch (SdkClientException e) {
      throw new IllegalArgumentException(
          "no S3 client; where AWS does not tell the region, set minio.region or AWS_REGION: "
              + e.getMessage(),
          e);
    }
  }

  private static SdkHttpClient http(S3Limits limits) {
    return Apache5HttpClient.builder()
        .maxConnections(limits.requests())
        .connectionTimeout(shorter(CONNECT_LIMIT, limits.tryLimit()))
        .socketTimeout(shorter(SILENCE_LIMIT, limits.tryLimit()))
        .connectionAcquisitionTimeout(limits.tryLimit())
        .build();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static AwsCredentialsProvider provider(S3Credentials credentials) {
    return switch (credentials) {
      case S3Credentials.DefaultChain _ -> DefaultCredentialsProvider.builder().build();
      case S3Credentials.Fixed f ->
          StaticCredentialsProvider.create(
              f.sessionToken().isPresent()
                  ? AwsSessionCredentials.create(
                      f.accessKeyId(), f.secretAccessKey(), f.sessionToken().get())
                  : AwsBasicCredentials.create(f.accessKeyId(), f.secretAccessKey()));
    };
  }
}
