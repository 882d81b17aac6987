package io.elanus.proto;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import io.elanus.proto.feder.FederProto;
import io.elanus.proto.milvus.CommonProto;
import io.elanus.proto.milvus.MilvusProto;
import io.elanus.proto.milvus.ResourceGroupProto;
import io.elanus.proto.milvus.SchemaProto;
import io.elanus.proto.msg.MsgProto;
import io.elanus.proto.tokenizer.TokenizerProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The public protos as tests compare them: ours, and those of Milvus 3.0.0.
final class Protos {

  static final List<FileDescriptor> OURS =
      List.of(
          CommonProto.getDescriptor(),
          SchemaProto.getDescriptor(),
          ResourceGroupProto.getDescriptor(),
          FederProto.getDescriptor(),
          MsgProto.getDescriptor(),
          MilvusProto.getDescriptor(),
          TokenizerProto.getDescriptor());

  private Protos() {}

  /// The files of Milvus 3.0.0, as protoc described them.
  static List<FileDescriptorProto> milvus300() {
    var registry = ExtensionRegistry.newInstance();
    CommonProto.registerAllExtensions(registry);
    try (var in = Protos.class.getResourceAsStream("/milvus-3.0.0.descriptors.binpb")) {
      return FileDescriptorSet.parseFrom(Objects.requireNonNull(in), registry).getFileList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Links files with what they import, each other and descriptor.proto, in any order.
  static Collection<FileDescriptor> link(Collection<FileDescriptorProto> protos) {
    var unlinked = new HashMap<String, FileDescriptorProto>();
    protos.forEach(proto -> unlinked.put(proto.getName(), proto));
    var linked = new HashMap<String, FileDescriptor>();
    var base = DescriptorProtos.getDescriptor();
    linked.put("google/protobuf/descriptor.proto", base);
    unlinked.keySet().forEach(name -> link(name, unlinked, linked));
    linked.values().remove(base);
    return List.copyOf(linked.values());
  }

  private static FileDescriptor link(
      String name, Map<String, FileDescriptorProto> unlinked, Map<String, FileDescriptor> linked) {
    var known = linked.get(name);
    if (known != null) {
      return known;
    }
    var proto = Objects.requireNonNull(unlinked.get(name), name);
    var imports = new ArrayList<FileDescriptor>();
    proto.getDependencyList().forEach(i -> imports.add(link(i, unlinked, linked)));
    try {
      var file = FileDescriptor.buildFrom(proto, imports.toArray(FileDescriptor[]::new));
      linked.put(name, file);
      return file;
    } catch (DescriptorValidationException e) {
      throw new IllegalArgumentException(name, e);
    }
  }
}
