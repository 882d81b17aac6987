package io.elanus.rpc.binding;

import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.List;

/// Serves a gRPC service by plain Java objects. RPC `CreateAlias` is served by the one public
/// method `Status createAlias(CreateAliasRequest)` among the objects.
public final class ServiceBinding {
  private ServiceBinding() {}

  /// @param parts the objects, each serving some of the RPCs
  /// @throws IllegalStateException when two methods could serve one RPC, when one has another
  ///     signature, or when one is missing and `edge` does not allow that
  public static ServerServiceDefinition bind(ServiceDescriptor service, List<?> parts, Edge edge) {
    Parts all = new Parts(parts);
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service);
    for (RpcMethod method : RpcMethod.of(service)) {
      definition.addMethod(method.wire(), bind(method, all, edge));
    }
    return definition.build();
  }

  private static ServerCallHandler<com.google.protobuf.Message, com.google.protobuf.Message> bind(
      RpcMethod method, Parts parts, Edge edge) {
    if (!method.isUnary()) {
      return new StreamRefusal(method, edge);
    }
    Handler handler = parts.find(method).orElseGet(() -> edge.unserved(method));
    return new UnaryCall(method, handler, edge);
  }
}
