package io.elanus.rpc.http;

import com.google.protobuf.ByteString;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One HTTP request with its whole body.
///
/// @param method as sent: `GET`, `POST`
/// @param path decoded, without the query
/// @param query what follows the first `?`, not decoded; empty when there is none
/// @param headers by lower-case name; several lines of one name are joined with a comma
public record HttpRequest(
    String method, String path, String query, Map<String, String> headers, ByteString body) {
  public HttpRequest {
    headers = Map.copyOf(headers);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
