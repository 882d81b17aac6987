package io.elanus.rpc.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.proto.milvus.BoolResponse;
import io.elanus.proto.milvus.DumpMessagesResponse;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("deprecation") // error_code: deprecated, and read by every SDK
class StatusMapperTest {
  @Test
  void success_is_said_by_both_codes() {
    Status status = StatusMapper.success();

    assertThat(status.getCode()).isZero();
    assertThat(status.getErrorCode()).isEqualTo(io.elanus.proto.milvus.ErrorCode.Success);
    assertThat(status.getReason()).isEmpty();
    assertThat(StatusMapper.error(status)).isEmpty();
  }

  @Test
  void a_mistake_of_the_user_says_so() {
    DbException error =
        ErrorCode.COLLECTION_NOT_FOUND.with("database", "default", "collection", "x");

    Status status = StatusMapper.failure(error);

    assertThat(status.getCode()).isEqualTo(100);
    assertThat(status.getErrorCodeValue()).isEqualTo(4);
    assertThat(status.getReason())
        .isEqualTo("collection not found[database=default][collection=x]");
    assertThat(status.getDetail()).isEqualTo(status.getReason());
    assertThat(status.getRetriable()).isFalse();
    assertThat(status.getExtraInfoMap()).containsEntry("is_input_error", "true");
  }

  @Test
  void a_failure_that_a_retry_can_mend_says_so() {
    Status status = StatusMapper.failure(ErrorCode.RATE_LIMIT.with("rate", 5));

    assertThat(status.getErrorCodeValue()).isEqualTo(49);
    assertThat(status.getRetriable()).isTrue();
    assertThat(status.getExtraInfoMap()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void every_code_fails_in_both_codes_and_comes_back_as_it_went(ErrorCode code) {
    Status status = StatusMapper.failure(code.because("what went wrong"));

    assertThat(status.getErrorCodeValue()).isNotZero();
    DbException back = StatusMapper.error(status).orElseThrow();
    assertThat(back.code()).isEqualTo(code);
    assertThat(back.text()).isEqualTo("what went wrong");
    assertThat(status.getRetriable())
        .isEqualTo(code.retriable() && code.kind() != ErrorKind.BAD_REQUEST);
  }

  @Test
  void the_legacy_codes_are_those_of_milvus() {
    int[][] expected = {
      {1, 56},
      {3, 52},
      {7, 54},
      {8, 49},
      {9, 48},
      {11, 55},
      {100, 4},
      {101, 1},
      {109, 62},
      {110, 56},
      {200, 15},
      {400, 15},
      {401, 46},
      {501, 15},
      {503, 46},
      {505, 55},
      {506, 46},
      {600, 47},
      {700, 25},
      {800, 1},
      {904, 50},
      {905, 46},
      {1100, 5},
      {1101, 5},
      {1102, 5},
      {65535, 1}
    };

    for (int[] pair : expected) {
      assertThat(LegacyCodes.of(pair[0]).getNumber()).as("code %d", pair[0]).isEqualTo(pair[1]);
    }
  }

  @Test
  void an_unknown_number_stays_readable() {
    Status status = Status.newBuilder().setCode(4711).setReason("from the future").build();

    DbException error = StatusMapper.error(status).orElseThrow();

    assertThat(error.code()).isEqualTo(ErrorCode.UNEXPECTED);
    assertThat(error.text()).isEqualTo("from the future[code=4711]");
  }

  @Test
  void a_response_carries_the_status_where_its_type_has_a_place() {
    DbException error = ErrorCode.INVALID_PARAMETER.because("bad");
    Status status = StatusMapper.failure(error);

    assertThat(failure(Status.getDefaultInstance(), error)).isEqualTo(status);
    assertThat(failure(BoolResponse.getDefaultInstance(), error))
        .isEqualTo(BoolResponse.newBuilder().setStatus(status).build());
    Message mutation = failure(MutationResult.getDefaultInstance(), error);
    assertThat(mutation).isEqualTo(MutationResult.newBuilder().setStatus(status).build());
    assertThat(StatusMapper.code(mutation)).isEqualTo(1100);
    assertThat(StatusMapper.code(BoolResponse.getDefaultInstance())).isZero();
  }

  private static Message failure(Message prototype, DbException error) {
    return StatusMapper.failure(prototype, error).orElseThrow();
  }

  @Test
  void an_unexpected_exception_tells_the_client_its_trace_and_nothing_else() {
    DbException shown =
        StatusMapper.external(new IllegalStateException("/etc/secret"), "Insert", "abc");

    assertThat(shown.code()).isEqualTo(ErrorCode.UNEXPECTED);
    assertThat(shown.text()).isEqualTo("unexpected error[trace=abc]");
    assertThat(shown.getCause()).isNull();
  }

  @Test
  void a_stream_of_messages_has_its_status_too() {
    assertThat(
            StatusMapper.failure(
                DumpMessagesResponse.getDefaultInstance(), ErrorCode.UNSUPPORTED.because("no")))
        .isPresent();
  }
}
