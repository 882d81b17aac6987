package io.elanus.rpc.call;

import com.google.protobuf.Message;

/// One thing that happens around every call of the public API. A stage passes the call on, changed
/// or not, or refuses it by throwing a `DbException`.
public interface CallStage {
  Message around(Call call, Next next);

  /// The stages that follow, and behind them the method.
  interface Next {
    Message proceed(Call call);
  }
}
