package io.elanus.adapters.mysql;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/// Connects to RDS or Aurora as a user of IAM: the password is a request, signed here without asking
/// anybody, that the server takes for 15 minutes. It travels in clear text inside TLS.
///
/// Source: Amazon RDS user guide, "IAM database authentication": a presigned GET of
/// `https://<host>:<port>/?Action=connect&DBUser=<user>` for the service `rds-db`, without its scheme.
public final class RdsToken implements Credentials {
  private static final Duration LIFE = Duration.ofMinutes(15);
  private static final String SCHEME = "https://";

  private final LongSupplier wallMillis;
  private final MySqlConfig.Server server;
  private final String user;
  private final String region;
  private final AwsCredentialsProvider identities;

  /// @param wallMillis of this machine's clock: the server takes no token of another time
  /// @param identities usually the SDK's default chain: the role of the task or of the pod
  public RdsToken(
      LongSupplier wallMillis,
      MySqlConfig.Server server,
      String user,
      String region,
      AwsCredentialsProvider identities) {
    this.wallMillis = wallMillis;
    this.server = server;
    this.user = user;
    this.region = region;
    this.identities = identities;
  }

  /// With the SDK's default chain: the role of the task or of the pod, else what the environment says.
  public static RdsToken ofThisProcess(
      LongSupplier wallMillis, MySqlConfig.Server server, String user, String region) {
    return new RdsToken(
        wallMillis, server, user, region, DefaultCredentialsProvider.builder().build());
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public String password() {
    return token(identities.resolveCredentials());
  }

  private String token(AwsCredentials identity) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.GET)
            .uri(URI.create(SCHEME + server.host() + ":" + server.port() + "/"))
            .putRawQueryParameter("DBUser", user)
            .putRawQueryParameter("Action", "connect")
            .build();
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(sign ->
                sign.identity(identity)
                    .request(request)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "rds-db")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(
                        AwsV4FamilyHttpSigner.AUTH_LOCATION,
                        AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                    .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, LIFE)
                    .putProperty(HttpSigner.SIGNING_CLOCK, clock()));
    return signed.request().getUri().toString().substring(SCHEME.length());
  }

  private Clock clock() {
    return Clock.fixed(Instant.ofEpochMilli(wallMillis.getAsLong()), ZoneOffset.UTC);
  }

  @Override
  public String toString() {
    return "user %s of IAM in %s".formatted(user, region);
  }
}
