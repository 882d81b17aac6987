package io.elanus.rpc.binding;

import com.google.protobuf.Message;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
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
    List<ServerMethodDefinition<RequestBody, Message>> methods =
        RpcMethod.of(service).stream()
            .map(method -> ServerMethodDefinition.create(method.served(), bind(method, all, edge)))
            .toList();
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(served(service, methods));
    methods.forEach(definition::addMethod);
    return definition.build();
  }

  private static ServiceDescriptor served(
      ServiceDescriptor service, List<ServerMethodDefinition<RequestBody, Message>> methods) {
    ServiceDescriptor.Builder served =
        ServiceDescriptor.newBuilder(service.getName())
            .setSchemaDescriptor(service.getSchemaDescriptor());
    methods.forEach(method -> served.addMethod(method.getMethodDescriptor()));
    return served.build();
  }

  private static ServerCallHandler<RequestBody, Message> bind(
      RpcMethod method, Parts parts, Edge edge) {
    if (!method.isUnary()) {
      return new StreamRefusal(method, edge);
    }
    Handler handler = parts.find(method).orElseGet(() -> edge.unserved(method));
    return new UnaryCall(method, handler, edge);
  }
}
