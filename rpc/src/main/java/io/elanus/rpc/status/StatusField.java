package io.elanus.rpc.status;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.elanus.proto.milvus.Status;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where a response type carries its `Status`: a response is a `Status`, has a field of that type,
/// or has none. Looked up once per type.
final class StatusField {
  private static final Map<Descriptor, Optional<FieldDescriptor>> FIELDS =
      new ConcurrentHashMap<>();

  private StatusField() {}

  /// A response of the type of `prototype` that says nothing but `status`. Empty when the type has
  /// no place for it.
  static Optional<Message> response(Message prototype, Status status) {
    if (prototype instanceof Status) {
      return Optional.of(status);
    }
    return find(prototype.getDescriptorForType())
        .map(field -> prototype.newBuilderForType().setField(field, status).build());
  }

  static Optional<Status> read(Message response) {
    if (response instanceof Status status) {
      return Optional.of(status);
    }
    return find(response.getDescriptorForType())
        .map(field -> response.getField(field))
        .filter(Status.class::isInstance)
        .map(Status.class::cast);
  }

  private static Optional<FieldDescriptor> find(Descriptor type) {
    return FIELDS.computeIfAbsent(
        type, t -> t.getFields().stream().filter(StatusField::isStatus).findFirst());
  }

  private static boolean isStatus(FieldDescriptor field) {
    return field.getJavaType() == JavaType.MESSAGE
        && !field.isRepeated()
        && field.getMessageType() == Status.getDescriptor();
  }
}
