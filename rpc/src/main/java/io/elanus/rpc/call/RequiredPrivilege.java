package io.elanus.rpc.call;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.elanus.proto.milvus.CommonProto;
import io.elanus.proto.milvus.PrivilegeExt;
import java.util.List;
import java.util.Optional;

/// What a caller must be allowed to do for one request, as its message type declares it by the
/// option `privilege_ext_obj`.
///
/// @param objectType `Global`, `Collection` or `User`
/// @param privilege `PrivilegeInsert`
/// @param objects the names it must be allowed for, all of them; `*` where the type names no field
public record RequiredPrivilege(String objectType, String privilege, List<String> objects) {
  public static final String ANY = "*";

  public RequiredPrivilege {
    objects = List.copyOf(objects);
  }

  /// Empty when the request needs no privilege.
  public static Optional<RequiredPrivilege> of(Message request) {
    Descriptor type = request.getDescriptorForType();
    if (!type.getOptions().hasExtension(CommonProto.privilegeExtObj)) {
      return Optional.empty();
    }
    PrivilegeExt declared = type.getOptions().getExtension(CommonProto.privilegeExtObj);
    return Optional.of(
        new RequiredPrivilege(
            declared.getObjectType().name(),
            declared.getObjectPrivilege().name(),
            objects(request, declared)));
  }

  private static List<String> objects(Message request, PrivilegeExt declared) {
    Descriptor type = request.getDescriptorForType();
    if (declared.getObjectNameIndexs() > 0) {
      return names(request, type.findFieldByNumber(declared.getObjectNameIndexs()));
    }
    if (declared.getObjectNameIndex() > 0) {
      return List.of(name(request, type.findFieldByNumber(declared.getObjectNameIndex())));
    }
    return List.of(ANY);
  }

  private static List<String> names(Message request, FieldDescriptor field) {
    List<?> values = (List<?>) request.getField(field);
    return values.stream().map(String::valueOf).toList();
  }

  /// A field that is a message, such as a user, is named by its first field.
  private static String name(Message holder, FieldDescriptor field) {
    Object value = holder.getField(field);
    if (!(value instanceof Message nested)) {
      return String.valueOf(value);
    }
    String name = name(nested, nested.getDescriptorForType().findFieldByNumber(1));
    return name.isEmpty() ? ANY : name;
  }
}
