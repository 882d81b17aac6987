package io.elanus.chaos.workload;

import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.client.RetryConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An SDK client and how it is replaced. Used by one thread.
final class Connection implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Supplier<List<String>> uris;
  private final Client.Retries retries;
  private int turn;
  private @Nullable MilvusClientV2 sdk;

  /// @param turn which of the proxies comes first
  Connection(Supplier<List<String>> uris, Client.Retries retries, int turn) {
    this.uris = uris;
    this.retries = retries;
    this.turn = turn;
  }

  /// Nothing was sent: there is no connection.
  static final class NotConnected extends Exception {
    private static final long serialVersionUID = 1L;

    NotConnected(RuntimeException cause) {
      super("not connected: " + cause.getMessage(), cause);
    }
  }

  MilvusClientV2 open() throws NotConnected {
    MilvusClientV2 current = sdk;
    if (current != null) {
      return current;
    }
    try {
      MilvusClientV2 fresh = connect();
      sdk = fresh;
      return fresh;
    } catch (RuntimeException e) {
      turn++;
      throw new NotConnected(e);
    }
  }

  private MilvusClientV2 connect() {
    List<String> now = uris.get();
    MilvusClientV2 fresh =
        new MilvusClientV2(
            ConnectConfig.builder()
                .uri(now.get(turn % now.size()))
                .connectTimeoutMs(DEADLINE.toMillis())
                .rpcDeadlineMs(DEADLINE.toMillis())
                .build());
    switch (retries) {
      case NONE -> fresh.retryConfig(RetryConfig.builder().maxRetryTimes(1).build());
      case SDK_DEFAULT -> {}
    }
    return fresh;
  }

  /// The next request goes to the next proxy.
  void giveUp() {
    close();
    turn++;
  }

  @Override
  public void close() {
    MilvusClientV2 current = sdk;
    sdk = null;
    if (current != null) {
      current.close();
    }
  }
}
