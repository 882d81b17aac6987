package io.elanus.rpc.peer;

import io.elanus.common.run.Run;
import io.grpc.Channel;
import io.grpc.ServiceDescriptor;
import java.lang.reflect.Proxy;
import java.time.Duration;

/// Makes plain interfaces that call another role.
///
/// A method blocks the calling thread until the answer is there, until an interrupt, or until the
/// deadline of the thread's [io.elanus.rpc.call.RequestContext] (without one: the default timeout).
/// It throws what the other side threw, or a `DbException` of its own:
///
/// | | |
/// |---|---|
/// | `SERVICE_UNAVAILABLE` | the call did not leave this process: retry |
/// | `NODE_NOT_MATCH` | whoever listens there does not serve this: look again who does |
/// | `TOO_MANY_REQUESTS` | refused before it was read: retry later |
/// | `PARAMETER_TOO_LARGE` | request or response exceed a message's limit |
/// | `OUTCOME_UNKNOWN` | sent, and the other side or the way to it was lost: it may have happened |
/// | `TIMEOUT`, `CANCELED` | this side gave up: it may have happened |
public final class RpcClient {
  private final Run run;
  private final Duration defaultTimeout;

  public RpcClient(Run run, Duration defaultTimeout) {
    this.run = run;
    this.defaultTimeout = defaultTimeout;
  }

  /// @param api each of its methods is named and typed as an RPC of `service`
  /// @throws IllegalArgumentException when one is not
  public <T> T of(Class<T> api, ServiceDescriptor service, Channel channel) {
    PeerProxy calls = new PeerProxy(run, defaultTimeout, channel, PeerProxy.methods(api, service));
    Object proxy = Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[] {api}, calls);
    return api.cast(proxy);
  }
}
