package io.elanus.rpc.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.internal.DataCoordGrpc;
import io.elanus.proto.internal.FlushRequest;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.QueryCoordGrpc;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.QueryCoordApi;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PatientCallsTest {
  private final Run run = new SystemRun();
  private final FailingCoordinator coordinator = new FailingCoordinator();

  @Test
  void aCallWithoutEffectIsMadeAgain() {
    coordinator.failWith(
        ErrorCode.SERVICE_UNAVAILABLE, ErrorCode.LEADERSHIP_LOST, ErrorCode.NODE_NOT_MATCH);

    patient(Duration.ofSeconds(20)).loadCollection(LoadCollectionRequest.getDefaultInstance());

    assertThat(coordinator.calls).isEqualTo(4);
  }

  @Test
  void inDoubtOnlyWhatMayHappenTwiceIsMadeAgain() {
    coordinator.failWith(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.STORAGE_IO_FAILED);
    patient(Duration.ofSeconds(20)).loadState(LoadStateRequest.getDefaultInstance());
    assertThat(coordinator.calls).isEqualTo(3);

    for (ErrorCode doubtful : List.of(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.STORAGE_IO_FAILED)) {
      coordinator.failWith(doubtful);
      assertFails(
          doubtful,
          () ->
              patient(Duration.ofSeconds(20))
                  .loadCollection(LoadCollectionRequest.getDefaultInstance()));
    }
    assertThat(coordinator.calls).isEqualTo(5);
  }

  /// The last try had no effect; the one before may have had.
  @Test
  void whatWasUnknownOnceStaysSo() {
    coordinator.failWith(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.COLLECTION_NOT_FOUND);
    assertFails(
        ErrorCode.OUTCOME_UNKNOWN,
        () -> patientDataCoord().flush(FlushRequest.getDefaultInstance()));
    assertThat(coordinator.calls).isEqualTo(2);

    coordinator.failWith(ErrorCode.OUTCOME_UNKNOWN);
    patientDataCoord().flush(FlushRequest.getDefaultInstance());

    coordinator.failWith(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.COLLECTION_NOT_FOUND);
    assertFails(
        ErrorCode.COLLECTION_NOT_FOUND,
        () -> patient(Duration.ofSeconds(20)).loadState(LoadStateRequest.getDefaultInstance()));
  }

  @Test
  void anAnswerIsAnAnswer() {
    coordinator.failWith(ErrorCode.COLLECTION_NOT_FOUND);

    assertFails(
        ErrorCode.COLLECTION_NOT_FOUND,
        () -> patient(Duration.ofSeconds(20)).loadState(LoadStateRequest.getDefaultInstance()));
  }

  @Test
  void patienceEndsWithTheLastFailure() {
    coordinator.failWith(ErrorCode.SERVICE_UNAVAILABLE);

    assertFails(
        ErrorCode.SERVICE_UNAVAILABLE,
        () -> patient(Duration.ZERO).loadState(LoadStateRequest.getDefaultInstance()));
    assertThat(coordinator.calls).isEqualTo(1);
  }

  private QueryCoordApi patient(Duration patience) {
    return PatientCalls.of(
        run,
        patience,
        QueryCoordApi.class,
        QueryCoordGrpc.getServiceDescriptor(),
        () -> coordinator.api(QueryCoordApi.class));
  }

  private DataCoordApi patientDataCoord() {
    return PatientCalls.of(
        run,
        Duration.ofSeconds(20),
        DataCoordApi.class,
        DataCoordGrpc.getServiceDescriptor(),
        () -> coordinator.api(DataCoordApi.class));
  }

  private static void assertFails(ErrorCode code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(DbException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /// Fails as planned, then answers.
  private static final class FailingCoordinator implements InvocationHandler {
    private final Queue<ErrorCode> failures = new ArrayDeque<>();
    private int calls;

    <T> T api(Class<T> type) {
      return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
    }

    void failWith(ErrorCode... codes) {
      failures.addAll(List.of(codes));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments)
        throws ReflectiveOperationException {
      calls++;
      ErrorCode failure = failures.poll();
      if (failure != null) {
        throw failure.because("planned");
      }
      return method.getReturnType().getMethod("getDefaultInstance").invoke(null);
    }
  }
}
