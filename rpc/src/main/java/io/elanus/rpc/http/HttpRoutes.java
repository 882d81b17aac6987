package io.elanus.rpc.http;

/// Answers HTTP requests. Called on a virtual thread of its own per request, so it may block; an
/// exception that leaves it becomes a plain 500.
public interface HttpRoutes {
  HttpResponse answer(HttpRequest request);

  /// No routes: every path is unknown.
  static HttpRoutes none() {
    return request -> notFound(request);
  }

  static HttpResponse notFound(HttpRequest request) {
    return HttpResponse.failure(404, 404, "no such path: " + request.path());
  }
}
