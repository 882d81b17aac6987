package io.elanus.adapters.s3;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLimits;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Reads objects: whole, a range, or to a file in ranges that travel side by side. A body that stops early, or
/// does not come within the limit of a try, is asked for again.
final class S3Download {
  /// What is taken from a connection at once; more did not become quicker.
  private static final int CHUNK_BYTES = 128 << 10;

  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  /// Where the bytes of a body go, piece by piece.
  private interface Sink {
    /// @param done bytes of the body before these
    void put(byte[] chunk, int count, long done);
  }

  private final Run run;
  private final S3Client s3;
  private final S3Requests requests;
  private final S3Calls calls;
  private final long partBytes;
  private final Duration tryLimit;
  private final FanOut fanOut;

  S3Download(Run run, S3Client s3, S3Requests requests, S3Calls calls, S3Limits limits) {
    this.run = run;
    this.s3 = s3;
    this.requests = requests;
    this.calls = calls;
    this.partBytes = limits.partBytes();
    this.tryLimit = limits.tryLimit();
    this.fanOut = new FanOut(run).atMost(limits.transfers());
  }

  byte[] whole(ObjectKey key) {
    return calls.call(
        S3Action.GET,
        requests.resource(key),
        _ -> wholeBody(key),
        (failure, _, exception) -> {
          throw missingOr(failure, key, exception);
        });
  }

  private byte[] wholeBody(ObjectKey key) throws IOException {
    Deadline deadline = Deadline.after(run, tryLimit);
    try (Body body = open(requests.get(key))) {
      long size = body.lengthBytes();
      if (size > MAX_ARRAY_BYTES) {
        throw ErrorCode.PARAMETER_TOO_LARGE.because(
            "object %s of %d bytes does not fit one array: read it in ranges", key, size);
      }
      byte[] bytes = new byte[(int) size];
      body.readTo(into(bytes), size, deadline);
      return bytes;
    }
  }

  /// @return empty when the object ends before the range does
  Optional<byte[]> range(ObjectKey key, ByteRange range) {
    return calls.call(
        S3Action.GET,
        requests.resource(key),
        _ -> rangeBody(key, range),
        (failure, _, exception) -> {
          if (failure == S3Failure.OUT_OF_RANGE) {
            return Optional.empty();
          }
          throw missingOr(failure, key, exception);
        });
  }

  private Optional<byte[]> rangeBody(ObjectKey key, ByteRange range) throws IOException {
    Deadline deadline = Deadline.after(run, tryLimit);
    try (Body body = open(requests.get(key, range))) {
      body.requireRange(key, range);
      if (body.lengthBytes() < range.length()) {
        return Optional.empty();
      }
      byte[] bytes = new byte[(int) range.length()];
      body.readTo(into(bytes), range.length(), deadline);
      return Optional.of(bytes);
    }
  }

  /// Writes all of the object to `file`, which is empty.
  ///
  /// @param sizeBytes of the object
  void to(FileChannel file, ObjectKey key, long sizeBytes) {
    fanOut.each(
        ByteRange.cut(sizeBytes, partBytes), Deadline.NEVER, range -> part(file, key, range));
  }

  private void part(FileChannel file, ObjectKey key, ByteRange range) {
    calls.transfer(
        S3Action.GET,
        requests.resource(key),
        _ -> partBody(file, key, range),
        (failure, _, exception) -> {
          throw missingOr(failure, key, exception);
        });
  }

  private boolean partBody(FileChannel file, ObjectKey key, ByteRange range) throws IOException {
    Deadline deadline = Deadline.after(run, tryLimit);
    try (Body body = open(requests.get(key, range))) {
      body.requireRange(key, range);
      try (FilePieces pieces = new FilePieces(file, range.start())) {
        body.readTo((chunk, count, _) -> pieces.add(chunk, count), range.length(), deadline);
        pieces.write();
      }
      return true;
    }
  }

  private static DbException missingOr(S3Failure failure, ObjectKey key, DbException otherwise) {
    return failure == S3Failure.MISSING ? ObjectLimits.notFound(key) : otherwise;
  }

  private static Sink into(byte[] bytes) {
    return (chunk, count, done) -> System.arraycopy(chunk, 0, bytes, (int) done, count);
  }

  private Body open(GetObjectRequest request) {
    return new Body(s3.getObject(request));
  }

  /// The body of one answer. Closing one that was not read to its end drops the connection.
  private final class Body implements AutoCloseable {
    private final ResponseInputStream<GetObjectResponse> stream;
    private boolean complete;

    private Body(ResponseInputStream<GetObjectResponse> stream) {
      this.stream = stream;
    }

    long lengthBytes() {
      return stream.response().contentLength();
    }

    void requireRange(ObjectKey key, ByteRange range) {
      String served = stream.response().contentRange();
      if (served == null || !range.beginsWhereItShould(served)) {
        throw ErrorCode.UNSUPPORTED.because(
            "the bucket does not serve ranges: asked for %s of %s, got '%s'",
            range.asHeader(), key, served);
      }
    }

    /// Reads `count` bytes and the end, where the client compares the checksum if the bucket sent one.
    void readTo(Sink sink, long count, Deadline deadline) throws IOException {
      byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, Math.max(count, 1))];
      for (long done = 0; done < count; ) {
        int read = stream.read(chunk, 0, (int) Math.min(chunk.length, count - done));
        if (read < 0) {
          throw new EOFException("the body ended after %d of %d bytes".formatted(done, count));
        }
        sink.put(chunk, read, done);
        done += read;
        if (deadline.hasPassed(run)) {
          throw new IOException("only %d of %d bytes came in %s".formatted(done, count, tryLimit));
        }
      }
      if (stream.read() >= 0) {
        throw new IOException("the body has more than %d bytes".formatted(count));
      }
      complete = true;
    }

    @Override
    public void close() throws IOException {
      if (complete) {
        stream.close();
      } else {
        stream.abort();
      }
    }
  }
}
