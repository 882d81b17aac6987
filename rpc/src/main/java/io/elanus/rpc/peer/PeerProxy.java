package io.elanus.rpc.peer;

import com.google.protobuf.Message;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.call.TraceId;
import io.grpc.Channel;
import io.grpc.ServiceDescriptor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Behind an interface made by [RpcClient]: turns a method call into an RPC.
final class PeerProxy implements InvocationHandler {
  private final Run run;
  private final Duration defaultTimeout;
  private final Channel channel;
  private final Map<Method, RpcMethod> methods;

  PeerProxy(Run run, Duration defaultTimeout, Channel channel, Map<Method, RpcMethod> methods) {
    this.run = run;
    this.defaultTimeout = defaultTimeout;
    this.channel = channel;
    this.methods = methods;
  }

  static Map<Method, RpcMethod> methods(Class<?> api, ServiceDescriptor service) {
    List<RpcMethod> rpcs = RpcMethod.of(service);
    return Stream.of(api.getMethods())
        .filter(method -> Modifier.isAbstract(method.getModifiers()))
        .collect(Collectors.toUnmodifiableMap(Function.identity(), m -> require(rpcs, m)));
  }

  private static RpcMethod require(List<RpcMethod> rpcs, Method method) {
    return rpcs.stream()
        .filter(rpc -> rpc.isUnary() && fits(rpc, method))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no rpc fits " + method));
  }

  private static boolean fits(RpcMethod rpc, Method method) {
    return method.getName().equals(rpc.javaName())
        && method.getReturnType() == rpc.response().getClass()
        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {rpc.request().getClass()});
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    RpcMethod rpc = methods.get(method);
    if (rpc != null && arguments != null) {
      return call(rpc, (Message) arguments[0]);
    }
    return method.isDefault()
        ? InvocationHandler.invokeDefault(proxy, method, arguments)
        : ofObject(proxy, method, arguments, "client of " + channel.authority());
  }

  private Message call(RpcMethod rpc, Message request) {
    Optional<RequestContext> context = RequestContext.find();
    Deadline deadline =
        context.map(RequestContext::deadline).orElseGet(() -> Deadline.after(run, defaultTimeout));
    String trace = context.map(RequestContext::traceId).orElseGet(() -> TraceId.fresh(run));
    return new PeerCall(run, rpc, deadline).call(channel, request, trace);
  }

  /// `equals`, `hashCode` and `toString`: a proxy is equal to itself only.
  @SuppressWarnings("ReferenceEquality")
  static Object ofObject(
      Object proxy, Method method, Object @Nullable [] arguments, String description) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> description;
    };
  }
}
