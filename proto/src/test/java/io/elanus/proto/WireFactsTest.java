package io.elanus.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// The comparison that the contract tests rest on can fail.
class WireFactsTest {

  private static final FileDescriptorProto RESOURCE_GROUPS = file("rg.proto");
  private static final FileDescriptorProto TOKENIZER = file("tokenizer.proto");

  @Test
  void theSameFileHasNoDifference() {
    assertThat(differencesAfter(_ -> {})).isEmpty();
  }

  @Test
  void additionsAreNoDifference() {
    Consumer<FileDescriptorProto.Builder> addMessage =
        file -> file.addMessageTypeBuilder().setName("Extra").addField(int32("extra", 7));
    Consumer<FileDescriptorProto.Builder> addField =
        file -> file.getMessageTypeBuilder(0).addField(int32("extra", 7));

    assertThat(differencesAfter(addMessage.andThen(addField))).isEmpty();
  }

  @Test
  void aMessageThatIsGoneIsReportedWithItsFields() {
    assertThat(
            WireFacts.of(Protos.link(List.of(TOKENIZER)))
                .differencesFrom(
                    WireFacts.of(
                        Protos.link(List.of(TOKENIZER, RESOURCE_GROUPS, file("common.proto"))))))
        .contains(
            "missing: message milvus.proto.rg.ResourceGroupLimit",
            "missing: field milvus.proto.rg.ResourceGroupLimit.node_num",
            "missing: enum milvus.proto.common.ErrorCode",
            "missing: value milvus.proto.common.LoadState.LoadStateLoaded",
            "missing: extension milvus.proto.common.privilege_ext_obj");
  }

  @Test
  void aFieldThatChangesIsReported() {
    assertThat(differencesAfter(file -> text(file).setNumber(9)))
        .containsExactly(
            "changed: field milvus.proto.tokenizer.Token.text:"
                + " string = 9, json text, expected string = 1, json text");
    assertThat(differencesAfter(file -> text(file).setType(FieldDescriptorProto.Type.TYPE_BYTES)))
        .containsExactly(
            "changed: field milvus.proto.tokenizer.Token.text:"
                + " bytes = 1, json text, expected string = 1, json text");
    assertThat(differencesAfter(file -> text(file).setJsonName("words")))
        .containsExactly(
            "changed: field milvus.proto.tokenizer.Token.text:"
                + " string = 1, json words, expected string = 1, json text");
    assertThat(differencesAfter(file -> text(file).setName("words")))
        .containsExactly("missing: field milvus.proto.tokenizer.Token.text");
  }

  @Test
  void aMethodThatChangesIsReported() {
    assertThat(differencesAfter(file -> file.getServiceBuilder(0).removeMethod(0)))
        .containsExactly("missing: method milvus.proto.tokenizer.Tokenizer.Tokenize");
    assertThat(
            differencesAfter(
                file -> file.getServiceBuilder(0).getMethodBuilder(0).setServerStreaming(true)))
        .hasSize(1)
        .first()
        .asString()
        .contains("-> stream milvus.proto.tokenizer.TokenizationResponse");
  }

  private static List<String> differencesAfter(Consumer<FileDescriptorProto.Builder> change) {
    var changed = TOKENIZER.toBuilder();
    change.accept(changed);
    var ours = WireFacts.of(Protos.link(List.of(changed.build())));
    return ours.differencesFrom(WireFacts.of(Protos.link(List.of(TOKENIZER))));
  }

  private static FileDescriptorProto file(String name) {
    return Protos.milvus300().stream()
        .filter(file -> file.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static FieldDescriptorProto.Builder text(FileDescriptorProto.Builder file) {
    var token =
        file.getMessageTypeBuilderList().stream()
            .filter(message -> message.getName().equals("Token"))
            .findFirst()
            .orElseThrow();
    return token.getFieldBuilder(0);
  }

  private static FieldDescriptorProto int32(String name, int number) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(FieldDescriptorProto.Type.TYPE_INT32)
        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
        .build();
  }
}
