package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Closes what was opened, last first. One thread opens; any one thread closes, once.
///
/// ```java
/// wal = closer.add(backends.openWal());
/// server = closer.add(RpcServer.start(config.rpc(), service));      // last up, first down
/// ```
public final class Closer implements AutoCloseable {
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  /// @return `resource`
  public synchronized <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /// Closes everything, whatever fails on the way; then throws the first failure, the others
  /// suppressed. A second call has nothing left to do.
  @Override
  public void close() {
    Throwable failure = null;
    for (AutoCloseable next = pop(); next != null; next = pop()) {
      failure = closeAfter(failure, next);
    }
    if (failure != null) {
      throw unchecked(failure);
    }
  }

  private synchronized @Nullable AutoCloseable pop() {
    return resources.poll();
  }

  private static @Nullable Throwable closeAfter(@Nullable Throwable failure, AutoCloseable next) {
    try {
      next.close();
      return failure;
    } catch (Throwable e) {
      if (failure == null) {
        return e;
      }
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static RuntimeException unchecked(Throwable failure) {
    return switch (failure) {
      case Error e -> throw e;
      case RuntimeException e -> e;
      default -> new DbException(ErrorCode.UNEXPECTED, "close failed: " + failure, failure);
    };
  }
}
