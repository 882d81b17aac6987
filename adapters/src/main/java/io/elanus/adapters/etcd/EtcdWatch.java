package io.elanus.adapters.etcd;

import etcdserverpb.WatchCreateRequest;
import etcdserverpb.WatchRequest;
import etcdserverpb.WatchResponse;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaLimits;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A watcher's stream from one member of etcd. It begins with the first poll, and when it breaks it
/// stays broken. etcd sends all changes of a revision in one message.
final class EtcdWatch implements MetaWatch {
  /// The store's newest revision, asked of the leader.
  interface Newest {
    long revision();
  }

  private final Run run;
  private final EtcdClient client;
  private final EtcdKeys keys;
  private final Newest newest;
  private final String prefix;
  private final long after;
  private final Gate gate;

  // guarded by gate
  private Optional<BlockingClientCall<WatchRequest, WatchResponse>> call = Optional.empty();
  private Optional<DbException> broken = Optional.empty();

  EtcdWatch(Run run, EtcdClient client, EtcdKeys keys, Newest newest, String prefix, long after) {
    this.run = run;
    this.client = client;
    this.keys = keys;
    this.newest = newest;
    this.prefix = prefix;
    this.after = after;
    this.gate = run.gate();
  }

  @Override
  public List<MetaEvent> poll(Deadline deadline) {
    List<MetaEvent> events = List.of();
    Optional<WatchResponse> next = read(deadline);
    while (next.isPresent()) {
      events = accept(next.get());
      next = events.isEmpty() ? read(deadline) : Optional.empty();
    }
    return events;
  }

  /// @return empty when `deadline` passed first
  private Optional<WatchResponse> read(Deadline deadline) {
    try {
      BlockingClientCall<WatchRequest, WatchResponse> stream = stream();
      WatchResponse response =
          deadline.isNever()
              ? stream.read()
              : stream.read(deadline.remaining(run).toNanos(), TimeUnit.NANOSECONDS);
      if (response == null) {
        throw fail(ErrorCode.STORAGE_IO_FAILED.because("etcd ended the watch of '%s'", prefix));
      }
      return Optional.of(response);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DbException(
          ErrorCode.CANCELED, "canceled while watching '%s'".formatted(prefix), e);
    } catch (StatusException e) {
      throw fail(EtcdClient.failed("watch of '%s'".formatted(prefix), e));
    }
  }

  private BlockingClientCall<WatchRequest, WatchResponse> stream() throws StatusException {
    requireSound();
    Optional<BlockingClientCall<WatchRequest, WatchResponse>> open = gate.read(() -> call);
    return open.isPresent() ? open.get() : begin();
  }

  private BlockingClientCall<WatchRequest, WatchResponse> begin() throws StatusException {
    EtcdKeys.Range range = keys.dataRange(prefix);
    WatchCreateRequest create =
        WatchCreateRequest.newBuilder()
            .setKey(range.first())
            .setRangeEnd(range.end())
            .setStartRevision(after + 1)
            .build();
    BlockingClientCall<WatchRequest, WatchResponse> begun =
        client.askOnce(member -> member.watch(create));
    gate.change(() -> call = Optional.of(begun));
    requireSoundOrCancel(begun);
    return begun;
  }

  private List<MetaEvent> accept(WatchResponse response) {
    if (response.getCanceled()) {
      throw fail(reason(response));
    }
    if (response.getCreated()) {
      requirePast(response.getHeader().getRevision());
    }
    return response.getEventsList().stream().map(keys::event).toList();
  }

  private DbException reason(WatchResponse response) {
    return response.getCompactRevision() > 0
        ? MetaLimits.compacted(
            prefix, after, response.getCompactRevision(), response.getHeader().getRevision())
        : ErrorCode.STORAGE_IO_FAILED.because(
            "etcd ended the watch of '%s': %s", prefix, response.getCancelReason());
  }

  /// etcd would wait for a revision of the future. The member that watches may be behind; the leader is
  /// not.
  private void requirePast(long memberRevision) {
    if (memberRevision < after) {
      long revision = newest.revision();
      if (revision < after) {
        throw fail(MetaLimits.compacted(prefix, after, 0, revision));
      }
    }
  }

  private DbException fail(DbException why) {
    cancel(why);
    return gate.read(() -> broken.orElse(why));
  }

  private void requireSound() {
    Optional<DbException> why = gate.read(() -> broken);
    if (why.isPresent()) {
      throw new DbException(why.get().code(), why.get().text(), why.get());
    }
  }

  private void requireSoundOrCancel(BlockingClientCall<WatchRequest, WatchResponse> begun) {
    if (gate.read(broken::isPresent)) {
      begun.cancel("the watch was closed", null);
      requireSound();
    }
  }

  private void cancel(DbException why) {
    Optional<BlockingClientCall<WatchRequest, WatchResponse>> open =
        gate.change(() -> {
          broken = broken.or(() -> Optional.of(why));
          return call;
        });
    open.ifPresent(stream -> stream.cancel(why.text(), null));
  }

  @Override
  public void close() {
    cancel(MetaLimits.closed());
  }
}
