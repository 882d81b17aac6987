package io.elanus.rpc.http;

import com.google.protobuf.ByteString;

/// What a route answers with.
public record HttpResponse(int status, String contentType, ByteString body) {
  private static final String JSON = "application/json; charset=utf-8";
  private static final String TEXT = "text/plain; charset=utf-8";

  public static HttpResponse json(int status, String json) {
    return new HttpResponse(status, JSON, ByteString.copyFromUtf8(json));
  }

  public static HttpResponse text(int status, String text) {
    return new HttpResponse(status, TEXT, ByteString.copyFromUtf8(text));
  }

  /// The REST envelope of a failure.
  public static HttpResponse failure(int status, int code, String message) {
    return json(status, "{\"code\":%d,\"message\":%s}".formatted(code, JsonText.quote(message)));
  }
}
