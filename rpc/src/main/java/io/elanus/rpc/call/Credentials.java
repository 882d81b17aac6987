package io.elanus.rpc.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elanus.common.error.ErrorCode;
import io.grpc.Metadata;
import java.util.Base64;
import java.util.Optional;

/// What a client shows: the metadata `authorization` holds base64 of `user:password`, or of an API
/// key, without a scheme in front.
public sealed interface Credentials {
  Metadata.Key<String> AUTHORIZATION = MetadataKeys.text("authorization");

  /// More of a text that clients choose is not logged.
  int MAX_LOGGED = 200;

  record Password(String user, String password) implements Credentials {
    /// Without the password: this ends up in logs.
    @Override
    public String toString() {
      return "Password[user=" + user + "]";
    }
  }

  record ApiKey(String key) implements Credentials {
    @Override
    public String toString() {
      return "ApiKey[]";
    }
  }

  /// @throws io.elanus.common.error.DbException `NOT_AUTHENTICATED` when missing or malformed
  static Credentials require(Metadata headers) {
    String token =
        MetadataKeys.find(headers, AUTHORIZATION)
            .orElseThrow(
                () -> ErrorCode.NOT_AUTHENTICATED.because("missing authorization in header"));
    return decode(token)
        .orElseThrow(() -> ErrorCode.NOT_AUTHENTICATED.because("invalid token format"));
  }

  /// For logs: cut, and without characters that could pass for a line of their own. Says nothing about whether
  /// the claim is true.
  static Optional<String> claimedUser(Metadata headers) {
    return MetadataKeys.find(headers, AUTHORIZATION)
        .flatMap(Credentials::decode)
        .flatMap(shown ->
            shown instanceof Password(String user, _)
                ? Optional.of(printable(user))
                : Optional.empty());
  }

  /// What of a text that a client chose may be logged.
  static String printable(String text) {
    return text.substring(0, Math.min(text.length(), MAX_LOGGED))
        .replaceAll("[^\\p{L}\\p{N}\\p{Punct} ]", "?");
  }

  private static Optional<Credentials> decode(String token) {
    try {
      String text = new String(Base64.getDecoder().decode(token), UTF_8);
      int colon = text.indexOf(':');
      return Optional.of(
          colon < 0
              ? new ApiKey(text)
              : new Password(text.substring(0, colon), text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
