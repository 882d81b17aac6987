package io.elanus.rpc.peer;

import io.elanus.common.run.Run;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A channel whose calls notice soon when the other side is back. gRPC itself waits up to two
/// minutes between attempts to connect, and fails all calls meanwhile; here a call during that wait
/// ends it, at most once per interval.
final class ReconnectingChannel extends Channel {
  /// Short against a takeover, long against what a refused connection costs.
  private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

  private final Run run;
  private final String address;
  private final ManagedChannel channel;
  private final AtomicLong lastNanos;

  ReconnectingChannel(Run run, String address, ManagedChannel channel) {
    this.run = run;
    this.address = address;
    this.channel = channel;
    this.lastNanos = new AtomicLong(run.nanoTime());
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE && isDue()) {
      channel.resetConnectBackoff();
    }
    return channel.newCall(method, options);
  }

  private boolean isDue() {
    long now = run.nanoTime();
    long last = lastNanos.get();
    return now - last >= INTERVAL_NANOS && lastNanos.compareAndSet(last, now);
  }

  /// The address, for messages: in-process channels have no authority that says something.
  @Override
  public String authority() {
    return address;
  }
}
