package io.elanus.rpc.binding;

import com.google.protobuf.Message;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The objects that serve a service, searched for methods by reflection once, at start.
final class Parts {
  private static final MethodType HANDLER = MethodType.methodType(Message.class, Message.class);

  /// A method and the object to call it on.
  private record Candidate(Object part, Method method) {
    @Override
    public String toString() {
      return part.getClass().getName() + "." + method.getName();
    }
  }

  private final List<?> parts;

  Parts(List<?> parts) {
    this.parts = List.copyOf(parts);
  }

  Optional<Handler> find(RpcMethod rpc) {
    List<Candidate> named = parts.stream().flatMap(part -> named(part, rpc.javaName())).toList();
    if (named.size() > 1) {
      String all = named.stream().map(Candidate::toString).collect(Collectors.joining(", "));
      throw new IllegalStateException(
          "several methods could serve %s: %s".formatted(rpc.name(), all));
    }
    return named.stream().findFirst().map(candidate -> handler(rpc, candidate));
  }

  private static Stream<Candidate> named(Object part, String name) {
    return Arrays.stream(part.getClass().getMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> !method.isBridge() && !Modifier.isStatic(method.getModifiers()))
        .map(method -> new Candidate(part, method));
  }

  private static Handler handler(RpcMethod rpc, Candidate candidate) {
    Method method = candidate.method();
    boolean fits =
        Arrays.equals(method.getParameterTypes(), new Class<?>[] {rpc.request().getClass()})
            && method.getReturnType() == rpc.response().getClass();
    if (!fits) {
      throw new IllegalStateException(
          "%s should read: public %s".formatted(candidate, rpc.signature()));
    }
    return handler(candidate);
  }

  private static Handler handler(Candidate candidate) {
    try {
      candidate.method().setAccessible(true); // the class may be package-private
      MethodHandle handle =
          MethodHandles.lookup().unreflect(candidate.method()).bindTo(candidate.part());
      return new BoundMethod(handle.asType(HANDLER));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot call " + candidate, e);
    }
  }

  private record BoundMethod(MethodHandle handle) implements Handler {
    @Override
    public Message answer(Message request) {
      try {
        return (Message) handle.invokeExact(request);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("a service method threw a checked exception", e);
      }
    }
  }
}
