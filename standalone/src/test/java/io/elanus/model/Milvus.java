package io.elanus.model;

import com.google.protobuf.Message;
import java.time.Duration;

/// The public API, however it is reached.
interface Milvus {
  /// @param rpc as in the proto file: `CreateCollection`
  /// @throws Refused when the server says no
  <T extends Message> T call(String rpc, Message request, Class<T> response);

  /// Lets time pass.
  void pause(Duration time);

  /// An answer that is an error.
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int code;

    Refused(String rpc, int code, String text) {
      super("%s: %d: %s".formatted(rpc, code, text));
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}
