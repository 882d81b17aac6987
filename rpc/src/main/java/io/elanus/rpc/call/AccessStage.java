package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import io.elanus.rpc.status.StatusMapper;
import java.time.Duration;

/// Tells the access log of every call, how it ended and how long it took, refused ones included.
final class AccessStage implements CallStage {
  private final Run run;
  private final AccessLog log;

  AccessStage(Run run, AccessLog log) {
    this.run = run;
    this.log = log;
  }

  @Override
  public Message around(Call call, Next next) {
    long start = run.nanoTime();
    log.began();
    try {
      Message response = next.proceed(call);
      write(call, StatusMapper.code(response), start, response.getSerializedSize());
      return response;
    } catch (DbException e) {
      write(call, e.code().number(), start, 0);
      throw e;
    } catch (RuntimeException | Error e) {
      write(call, ErrorCode.UNEXPECTED.number(), start, 0);
      throw e;
    }
  }

  private void write(Call call, int code, long start, int responseBytes) {
    log.ended(
        new AccessLog.Entry(
            call.method().name(),
            call.database(),
            Credentials.claimedUser(call.headers()).orElse(""),
            call.context().traceId(),
            code,
            Duration.ofNanos(run.nanoTime() - start),
            call.body().bytes(),
            responseBytes));
  }
}
