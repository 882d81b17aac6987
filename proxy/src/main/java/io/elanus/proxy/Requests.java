package io.elanus.proxy;

import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.run.Deadline;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.rpc.call.RequestContext;

/// What methods of the public API ask of the running call, and small things their answers share.
public final class Requests {
  private Requests() {}

  /// The database a request means: the one it names, else the connection's.
  public static String database(String named) {
    return named.isEmpty() ? RequestContext.current().database() : named;
  }

  public static Deadline deadline() {
    return RequestContext.current().deadline();
  }

  public static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  /// Seconds since 1970, of a hybrid timestamp.
  public static long seconds(long timestamp) {
    return HybridTimestamp.millis(timestamp) / 1000;
  }
}
