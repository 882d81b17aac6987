package io.elanus.proto;

import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// What proto files put on the wire, one entry per element: its kind and full name, then all that
/// a peer depends on. File names, file options, comments and the order of elements are not wire.
///
/// `field milvus.proto.common.Status.code` -> `int32 = 3, json code`
record WireFacts(SortedMap<String, String> byElement) {

  WireFacts {
    byElement = Collections.unmodifiableSortedMap(new TreeMap<>(byElement));
  }

  static WireFacts of(Collection<FileDescriptor> files) {
    var facts = new TreeMap<String, String>();
    files.forEach(file -> addFile(file, facts));
    return new WireFacts(facts);
  }

  /// What `required` has and this lacks or has in another form. Additions are no difference.
  List<String> differencesFrom(WireFacts required) {
    var differences = new ArrayList<String>();
    required.byElement.forEach((element, fact) -> {
      var ours = byElement.get(element);
      if (ours == null) {
        differences.add("missing: " + element);
      } else if (!ours.equals(fact)) {
        differences.add("changed: %s: %s, expected %s".formatted(element, ours, fact));
      }
    });
    return differences;
  }

  long count(String kind) {
    return byElement.keySet().stream().filter(element -> element.startsWith(kind + " ")).count();
  }

  private static void addFile(FileDescriptor file, SortedMap<String, String> facts) {
    file.getMessageTypes().forEach(message -> addMessage(message, facts));
    file.getEnumTypes().forEach(type -> addEnum(type, facts));
    file.getExtensions().forEach(extension -> addExtension(extension, facts));
    file.getServices().forEach(service -> addService(service, facts));
  }

  private static void addMessage(Descriptor message, SortedMap<String, String> facts) {
    var name = message.getFullName();
    facts.put("message " + name, message.getOptions().getMapEntry() ? "map entry" : "");
    message.getFields().forEach(field -> facts.put("field " + field.getFullName(), fact(field)));
    message.getEnumTypes().forEach(type -> addEnum(type, facts));
    message.getNestedTypes().forEach(nested -> addMessage(nested, facts));
    for (ReservedRange range : message.toProto().getReservedRangeList()) {
      facts.put("reserved %s.%d".formatted(name, range.getStart()), "to " + range.getEnd());
    }
    message
        .toProto()
        .getReservedNameList()
        .forEach(r -> facts.put("reserved " + name + "." + r, ""));
  }

  private static void addEnum(EnumDescriptor type, SortedMap<String, String> facts) {
    var aliases = type.getOptions().getAllowAlias() ? "aliases allowed" : "";
    facts.put("enum " + type.getFullName(), aliases);
    for (EnumValueDescriptor value : type.getValues()) {
      facts.put(
          "value " + type.getFullName() + "." + value.getName(),
          Integer.toString(value.getNumber()));
    }
  }

  private static void addExtension(FieldDescriptor extension, SortedMap<String, String> facts) {
    var extended = extension.getContainingType().getFullName();
    facts.put("extension " + extension.getFullName(), "of " + extended + ": " + fact(extension));
  }

  private static void addService(ServiceDescriptor service, SortedMap<String, String> facts) {
    facts.put("service " + service.getFullName(), "");
    service.getMethods().forEach(m -> facts.put("method " + m.getFullName(), fact(m)));
  }

  private static String fact(FieldDescriptor field) {
    var fact = new StringBuilder(typeName(field));
    fact.append(label(field)).append(" = ").append(field.getNumber());
    fact.append(", json ").append(field.getJsonName());
    if (field.isPacked()) {
      fact.append(", packed");
    }
    OneofDescriptor oneof = field.getRealContainingOneof();
    if (oneof != null) {
      fact.append(", one of ").append(oneof.getName());
    }
    return fact.toString();
  }

  private static String typeName(FieldDescriptor field) {
    return switch (field.getType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String label(FieldDescriptor field) {
    if (field.isRequired()) {
      return " required";
    }
    if (field.isRepeated()) {
      return " repeated";
    }
    return field.toProto().getProto3Optional() ? " optional" : "";
  }

  private static String fact(MethodDescriptor method) {
    return "%s%s -> %s%s"
        .formatted(
            method.isClientStreaming() ? "stream " : "",
            method.getInputType().getFullName(),
            method.isServerStreaming() ? "stream " : "",
            method.getOutputType().getFullName());
  }
}
