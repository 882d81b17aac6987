package io.elanus.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.elanus.proto.milvus.CommonProto;
import io.elanus.proto.milvus.PrivilegeExt;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Our protos hold all of Milvus 3.0.0, unchanged.
class MilvusContractTest {

  private static final List<String> KINDS =
      List.of("message", "field", "reserved", "enum", "value", "extension", "service", "method");

  private static final Collection<FileDescriptor> MILVUS = Protos.link(Protos.milvus300());

  @Test
  void everythingOnTheMilvusWireIsOnOurs() {
    assertThat(WireFacts.of(Protos.OURS).differencesFrom(WireFacts.of(MILVUS))).isEmpty();
  }

  @Test
  void everyRequestNeedsThePrivilegeThatMilvusAsksFor() {
    assertThat(privileges(Protos.OURS)).containsAllEntriesOf(privileges(MILVUS));
  }

  @Test
  void theComparedContractIsWhole() {
    var facts = WireFacts.of(MILVUS);

    assertThat(KINDS.stream().map(kind -> facts.count(kind) + " " + kind))
        .containsExactly(
            "416 message",
            "1522 field",
            "1 reserved",
            "32 enum",
            "441 value",
            "2 extension",
            "4 service",
            "141 method");
    assertThat(privileges(MILVUS).values().stream().flatMap(Optional::stream)).hasSize(107);
  }

  /// Every message with the privilege it needs, if any.
  private static Map<String, Optional<PrivilegeExt>> privileges(Collection<FileDescriptor> files) {
    var privileges = new TreeMap<String, Optional<PrivilegeExt>>();
    files.forEach(file -> file.getMessageTypes().forEach(m -> addPrivileges(m, privileges)));
    return privileges;
  }

  private static void addPrivileges(
      Descriptor message, Map<String, Optional<PrivilegeExt>> privileges) {
    var options = message.getOptions();
    privileges.put(
        message.getFullName(),
        options.hasExtension(CommonProto.privilegeExtObj)
            ? Optional.of(options.getExtension(CommonProto.privilegeExtObj))
            : Optional.empty());
    message.getNestedTypes().forEach(nested -> addPrivileges(nested, privileges));
  }
}
