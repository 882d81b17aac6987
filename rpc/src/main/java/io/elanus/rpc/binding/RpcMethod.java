package io.elanus.rpc.binding;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.io.InputStream;
import java.util.List;
import javax.lang.model.SourceVersion;

/// One RPC of a service.
///
/// @param request the default instance of its request type
/// @param response the default instance of its response type
public record RpcMethod(
    MethodDescriptor<Message, Message> wire, Message request, Message response) {

  public static List<RpcMethod> of(ServiceDescriptor service) {
    return service.getMethods().stream().map(RpcMethod::of).toList();
  }

  @SuppressWarnings("unchecked") // every marshaller of a protobuf service takes a Message
  private static RpcMethod of(MethodDescriptor<?, ?> descriptor) {
    MethodDescriptor<Message, Message> wire = (MethodDescriptor<Message, Message>) descriptor;
    return new RpcMethod(
        wire, prototype(wire.getRequestMarshaller()), prototype(wire.getResponseMarshaller()));
  }

  private static Message prototype(MethodDescriptor.Marshaller<Message> marshaller) {
    Message prototype = ((PrototypeMarshaller<Message>) marshaller).getMessagePrototype();
    if (prototype == null) {
      throw new IllegalArgumentException("not a protobuf service: " + marshaller);
    }
    return prototype;
  }

  /// The method as it is served: on the same wire, its request not made yet.
  MethodDescriptor<RequestBody, Message> served() {
    return wire.toBuilder(
            new BodyMarshaller(wire.getRequestMarshaller()), wire.getResponseMarshaller())
        .build();
  }

  private record BodyMarshaller(MethodDescriptor.Marshaller<Message> type)
      implements MethodDescriptor.Marshaller<RequestBody> {
    @Override
    public RequestBody parse(InputStream stream) {
      return RequestBody.received(stream, type);
    }

    @Override
    public InputStream stream(RequestBody body) {
      return type.stream(body.message());
    }
  }

  /// As in the proto file: `CreateCollection`.
  public String name() {
    String name = wire.getBareMethodName();
    return name == null ? wire.getFullMethodName() : name;
  }

  /// The Java method that serves it: `createCollection`; `import_` where the name is a keyword.
  public String javaName() {
    String name = Character.toLowerCase(name().charAt(0)) + name().substring(1);
    return SourceVersion.isKeyword(name) ? name + "_" : name;
  }

  public boolean isUnary() {
    return wire.getType() == MethodType.UNARY;
  }

  /// Whether doing it twice is as good as doing it once: its `idempotency_level` in the proto file.
  public boolean isRepeatable() {
    return idempotency() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  }

  /// Whether it may change something.
  public boolean hasEffect() {
    return idempotency() != IdempotencyLevel.NO_SIDE_EFFECTS;
  }

  private IdempotencyLevel idempotency() {
    return wire.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
        ? schema.getMethodDescriptor().getOptions().getIdempotencyLevel()
        : IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  }

  /// How the Java method that serves it has to read.
  public String signature() {
    return "%s %s(%s)"
        .formatted(
            response.getClass().getSimpleName(), javaName(), request.getClass().getSimpleName());
  }
}
