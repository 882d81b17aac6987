package io.elanus.simulation;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Killed;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.rpc.call.RequestContext;
import io.elanus.simulation.Chaos.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls between processes. A call runs on a task of the one that is called; its request or its answer may
/// be slow or get lost, and the other side may die. The caller is told what a real channel would know.
///
/// ```
///  not sent, or nobody there: SERVICE_UNAVAILABLE     no answer in time: TIMEOUT
///  cut after it was sent: OUTCOME_UNKNOWN             an answer, or the other side's DbException
/// ```
final class Network {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private static final class Reply<T> {
    boolean done;
    @Nullable T value;
    @Nullable DbException error;
  }

  private final Chaos chaos;
  private final Verdicts verdicts;
  private final Gate gate;

  Network(SimulatedRun world, Chaos chaos, Verdicts verdicts) {
    this.chaos = chaos;
    this.verdicts = verdicts;
    this.gate = world.gate();
  }

  /// Lets calls to a process that has just died notice.
  void cut() {
    gate.change(() -> {});
  }

  <T> T call(SimulatedProcess caller, Node callee, String what, Supplier<T> handler) {
    Deadline deadline =
        RequestContext.find()
            .map(RequestContext::deadline)
            .orElse(Deadline.NEVER)
            .orEarlier(Deadline.after(caller, DEFAULT_TIMEOUT));
    deadline.check(caller, "rpc " + what);
    Duration timeout = deadline.remaining(caller);
    chaos.travel(caller);
    if (!callee.isAlive() || chaos.strikes(Fault.REQUEST_LOST)) {
      throw ErrorCode.SERVICE_UNAVAILABLE.because("rpc %s to %s could not be sent", what, callee);
    }
    Reply<T> reply = new Reply<>();
    callee.process().fork("rpc " + what, () -> serve(callee, what, timeout, handler, reply));
    boolean heard = gate.await(() -> reply.done || !callee.isAlive(), deadline);
    if (!heard) {
      throw new DbException(ErrorCode.TIMEOUT, "timeout waiting for rpc " + what);
    }
    if (!reply.done) {
      throw ErrorCode.OUTCOME_UNKNOWN.because("rpc %s to %s was sent and then lost", what, callee);
    }
    if (reply.error != null) {
      throw new DbException(reply.error.code(), reply.error.text(), reply.error);
    }
    return Optional.ofNullable(reply.value).orElseThrow();
  }

  private <T> void serve(
      Node callee, String what, Duration timeout, Supplier<T> handler, Reply<T> reply) {
    RequestContext context =
        new RequestContext("default", "root", what, Deadline.after(callee.process(), timeout), 0);
    T value = null;
    DbException error = null;
    try {
      value = context.call(handler);
    } catch (DbException e) {
      error = e;
    } catch (Killed e) {
      throw e;
    } catch (RuntimeException | Error e) {
      verdicts.add("%s failed with what nobody expects: %s".formatted(what, Texts.of(e)));
      error = new DbException(ErrorCode.UNEXPECTED, "unexpected error: " + e, e);
    }
    chaos.travel(callee.process());
    if (!chaos.strikes(Fault.REPLY_LOST)) {
      T answer = value;
      DbException failure = error;
      gate.change(() -> {
        reply.value = answer;
        reply.error = failure;
        reply.done = true;
      });
    }
  }
}
