package io.elanus.rpc.binding;

import io.grpc.Context;

/// Interrupts a call's thread when its client cancels, goes away, or its deadline passes.
final class CancelSignal implements AutoCloseable {
  private final Context context;
  private final Context.CancellationListener listener;

  private CancelSignal(Context context, Thread thread) {
    this.context = context;
    this.listener = _ -> thread.interrupt();
    context.addListener(listener, Runnable::run);
  }

  static CancelSignal toThisThread() {
    return new CancelSignal(Context.current(), Thread.currentThread());
  }

  @Override
  public void close() {
    context.removeListener(listener);
  }
}
