package io.elanus.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.elanus.proto.milvus.ConnectRequest;
import io.elanus.proto.milvus.CreateDatabaseRequest;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.FlushAllRequest;
import io.elanus.proto.milvus.FlushRequest;
import io.elanus.proto.milvus.GetPersistentSegmentInfoRequest;
import io.elanus.proto.milvus.GrantEntity;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.RenameCollectionRequest;
import io.elanus.proto.milvus.SelectGrantRequest;
import io.elanus.proto.milvus.SelectUserRequest;
import io.elanus.proto.milvus.UserEntity;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the stages read off request types.
class RequestFieldsTest {
  @Test
  void an_empty_database_is_filled_in_under_all_its_names() {
    assertThat(filled(InsertRequest.getDefaultInstance()))
        .isEqualTo(InsertRequest.newBuilder().setDbName("library").build());
    assertThat(filled(GetPersistentSegmentInfoRequest.getDefaultInstance()))
        .isEqualTo(GetPersistentSegmentInfoRequest.newBuilder().setDbName("library").build());
    assertThat(filled(RenameCollectionRequest.newBuilder().setDbName("old").build()))
        .isEqualTo(
            RenameCollectionRequest.newBuilder().setDbName("old").setNewDBName("library").build());
    GrantEntity grant = GrantEntity.newBuilder().setObjectName("c").build();
    assertThat(filled(SelectGrantRequest.newBuilder().setEntity(grant).build()))
        .isEqualTo(
            SelectGrantRequest.newBuilder()
                .setEntity(grant.toBuilder().setDbName("library"))
                .build());
  }

  @Test
  void a_database_that_means_something_else_when_empty_is_left_alone() {
    List<Message> kept =
        List.of(
            CreateDatabaseRequest.getDefaultInstance(),
            FlushAllRequest.getDefaultInstance(),
            SelectGrantRequest.getDefaultInstance(),
            ConnectRequest.getDefaultInstance(),
            DescribeCollectionRequest.newBuilder().setCollectionID(7).build());

    for (Message request : kept) {
      assertThat(filled(request)).isSameAs(request);
    }
    Message byName = DescribeCollectionRequest.newBuilder().setCollectionName("c").build();
    assertThat(filled(byName)).isNotEqualTo(byName);
  }

  private static Message filled(Message request) {
    return DatabaseFields.of(request.getDescriptorForType()).filled(request, "library");
  }

  @Test
  void a_privilege_is_read_off_the_request() {
    assertThat(required(InsertRequest.newBuilder().setCollectionName("c").build()))
        .isEqualTo(new RequiredPrivilege("Collection", "PrivilegeInsert", List.of("c")));
    assertThat(required(CreateDatabaseRequest.getDefaultInstance()))
        .isEqualTo(new RequiredPrivilege("Global", "PrivilegeCreateDatabase", List.of("*")));
    assertThat(
            required(
                FlushRequest.newBuilder().addCollectionNames("a").addCollectionNames("b").build()))
        .isEqualTo(new RequiredPrivilege("Collection", "PrivilegeFlush", List.of("a", "b")));
    UserEntity alice = UserEntity.newBuilder().setName("alice").build();
    assertThat(required(SelectUserRequest.newBuilder().setUser(alice).build()))
        .isEqualTo(new RequiredPrivilege("User", "PrivilegeSelectUser", List.of("alice")));
    assertThat(required(SelectUserRequest.getDefaultInstance()).objects()).containsExactly("*");
  }

  @Test
  void a_request_that_declares_no_privilege_needs_none() {
    assertThat(RequiredPrivilege.of(ConnectRequest.getDefaultInstance())).isEmpty();
  }

  private static RequiredPrivilege required(Message request) {
    return RequiredPrivilege.of(request).orElseThrow();
  }
}
