package io.elanus.rpc.call;

import io.elanus.common.run.Run;
import io.grpc.Metadata;
import java.util.HexFormat;
import java.util.Optional;

/// The name a call is logged under: the client's `client-request-id`, else the trace of its W3C
/// `traceparent`, else a fresh one.
public final class TraceId {
  private static final Metadata.Key<String> REQUEST_ID = MetadataKeys.text("client-request-id");
  private static final Metadata.Key<String> TRACE_PARENT = MetadataKeys.text("traceparent");

  /// A client's name for its request is cut there: it goes into every log line.
  private static final int MAX_LENGTH = 128;

  private TraceId() {}

  static String of(Metadata headers, Run run) {
    return MetadataKeys.find(headers, REQUEST_ID)
        .map(id -> id.substring(0, Math.min(id.length(), MAX_LENGTH)))
        .or(() -> MetadataKeys.find(headers, TRACE_PARENT).flatMap(TraceId::ofParent))
        .orElseGet(() -> fresh(run));
  }

  /// `version-trace-parent-flags`, of 2, 32, 16 and 2 hexadecimal digits.
  private static Optional<String> ofParent(String parent) {
    String[] parts = parent.split("-", -1);
    return parts.length >= 4 && parts[1].length() == 32 ? Optional.of(parts[1]) : Optional.empty();
  }

  public static String fresh(Run run) {
    return HexFormat.of().toHexDigits(run.random().nextLong());
  }
}
