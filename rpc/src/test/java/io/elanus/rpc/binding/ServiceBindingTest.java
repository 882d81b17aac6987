package io.elanus.rpc.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.proto.milvus.CreateAliasRequest;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.ProxyServiceGrpc;
import io.elanus.proto.milvus.RegisterLinkRequest;
import io.elanus.proto.milvus.RegisterLinkResponse;
import io.elanus.proto.milvus.Status;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceBindingTest {
  static class Links {
    public RegisterLinkResponse registerLink(RegisterLinkRequest request) {
      return RegisterLinkResponse.getDefaultInstance();
    }
  }

  static class OtherLinks extends Links {}

  static class WrongAnswer {
    public Status registerLink(RegisterLinkRequest request) {
      return Status.getDefaultInstance();
    }
  }

  static class WrongQuestion {
    public RegisterLinkResponse registerLink(CreateAliasRequest request) {
      return RegisterLinkResponse.getDefaultInstance();
    }
  }

  static class Hidden {
    RegisterLinkResponse registerLink(RegisterLinkRequest request) {
      return RegisterLinkResponse.getDefaultInstance();
    }
  }

  @Test
  void a_public_method_of_any_part_serves_the_rpc_of_its_name() {
    assertThat(bind("other part", new Links()).getMethods()).hasSize(1);
  }

  @Test
  void a_method_that_serves_no_rpc_is_not_called() {
    assertThatThrownBy(() -> bind(new Hidden()))
        .hasMessage("nothing serves RegisterLinkResponse registerLink(RegisterLinkRequest)");
  }

  @Test
  void two_candidates_stop_the_start() {
    assertThatThrownBy(() -> bind(new Links(), new OtherLinks()))
        .hasMessageMatching(
            "several methods could serve RegisterLink: .*\\$Links.*, .*OtherLinks.*");
  }

  @Test
  void another_signature_stops_the_start() {
    for (Object part : List.of(new WrongAnswer(), new WrongQuestion())) {
      assertThatThrownBy(() -> bind(part))
          .hasMessageEndingWith(
              "should read: public RegisterLinkResponse registerLink(RegisterLinkRequest)");
    }
  }

  @Test
  void an_rpc_named_as_a_keyword_is_served_by_a_method_with_an_underscore() {
    ServiceDescriptor milvus = MilvusServiceGrpc.getServiceDescriptor();

    assertThat(RpcMethod.of(milvus))
        .filteredOn(method -> method.name().equals("Import"))
        .extracting(RpcMethod::javaName)
        .containsExactly("import_");
  }

  private static ServerServiceDefinition bind(Object... parts) {
    return ServiceBinding.bind(
        ProxyServiceGrpc.getServiceDescriptor(), List.of(parts), new CompleteEdge());
  }

  private static final class CompleteEdge implements Edge {
    @Override
    public Handler unserved(RpcMethod method) {
      throw new IllegalStateException("nothing serves " + method.signature());
    }

    @Override
    public Answer answer(RpcMethod method, Handler handler, RequestBody request, Metadata headers) {
      return Answer.of(handler.answer(request.message()));
    }
  }
}
