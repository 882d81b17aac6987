package io.elanus.adapters.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// Against what `RdsUtilities` of the AWS SDK 2.54.13 answers for the same user at the same time.
class RdsTokenTest {
  private static final MySqlConfig.Server SERVER =
      new MySqlConfig.Server("db.cluster-x.eu-west-1.rds.amazonaws.com", 3306, "elanus");
  private static final String KEY = "AKIDEXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  private static RdsToken token(AwsCredentials identity) {
    return new RdsToken(
        () -> Instant.parse("2026-11-20T12:00:00Z").toEpochMilli(),
        SERVER,
        "elanus",
        "eu-west-1",
        StaticCredentialsProvider.create(identity));
  }

  @Test
  void aUserWithAKey() {
    String[] parts = token(AwsBasicCredentials.create(KEY, SECRET)).password().split("[?&]", -1);

    assertThat(parts[0]).isEqualTo("db.cluster-x.eu-west-1.rds.amazonaws.com:3306/");
    assertThat(parts)
        .containsExactlyInAnyOrder(
            parts[0],
            "DBUser=elanus",
            "Action=connect",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Date=20261120T120000Z",
            "X-Amz-SignedHeaders=host",
            "X-Amz-Expires=900",
            "X-Amz-Credential=AKIDEXAMPLE%2F20261120%2Feu-west-1%2Frds-db%2Faws4_request",
            "X-Amz-Signature=9257979fd33d65707ef7c9e66e95b3260987af2e596a7a6e667ef2181b8ab270");
  }

  @Test
  void aRoleWithASession() {
    String token = "session/token+x=";

    assertThat(token(AwsSessionCredentials.create(KEY, SECRET, token)).password())
        .contains("&X-Amz-Security-Token=session%2Ftoken%2Bx%3D&")
        .endsWith("5e45a1e6f230a66806c6a48ab526de8f8e78c15d514c68d00bb835614d502dcb");
  }

  @Test
  void aTokenIsNotSentInClearText() {
    RdsToken token = token(AwsBasicCredentials.create(KEY, SECRET));

    assertThatThrownBy(() ->
            new MySqlConfig(
                SERVER,
                token,
                new MySqlConfig.Tls.Off(),
                "elanus",
                true,
                MySqlConfig.Timing.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a token of IAM is only sent through TLS");
  }
}
