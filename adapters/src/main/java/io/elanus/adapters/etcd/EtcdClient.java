package io.elanus.adapters.etcd;

import etcdserverpb.AuthGrpc;
import etcdserverpb.AuthenticateRequest;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaLimits;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The members of an etcd, one of which is asked until it fails; then the next one is.
final class EtcdClient implements AutoCloseable {
  /// What is asked of a member. Blocks.
  interface Call<T> {
    T on(EtcdMember member) throws StatusException, InterruptedException, TimeoutException;
  }

  private static final Logger log = LoggerFactory.getLogger(EtcdClient.class);
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  /// A watch ends when its member has lost the leader, instead of going silent.
  private static final Metadata.Key<String> REQUIRE_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  /// Between rounds through all members: an election takes some of it.
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Run run;
  private final EtcdConfig config;
  private final EtcdChannels opener;
  private final Gate gate;

  // guarded by gate
  private final List<ManagedChannel> channels = new ArrayList<>();
  private int current;
  private Optional<String> token = Optional.empty();
  private boolean closed;

  EtcdClient(Run run, EtcdConfig config) {
    this.run = run;
    this.config = config;
    this.opener = new EtcdChannels(config.tls());
    this.gate = run.gate();
    config.endpoints().forEach(endpoint -> channels.add(opener.open(endpoint)));
  }

  /// For what may be done twice: asks one member after the other, until one answers or twice the time
  /// of a call is over.
  ///
  /// @throws DbException `STORAGE_IO_FAILED` with what was asked for
  <T> T ask(String what, Call<T> call) {
    Deadline end = Deadline.after(run, config.callTimeout().multipliedBy(2));
    for (int failures = 1; ; failures++) {
      try {
        return askOnce(call);
      } catch (StatusException e) {
        if (!isOfMember(e) || end.hasPassed(run)) {
          throw failed(what, e);
        }
        if (failures % config.endpoints().size() == 0) {
          run.sleep(PAUSE);
        }
      }
    }
  }

  static DbException failed(String what, StatusException cause) {
    Status status = cause.getStatus();
    return new DbException(
        ErrorCode.STORAGE_IO_FAILED,
        "%s failed: %s: %s".formatted(what, status.getCode(), status.getDescription()),
        cause);
  }

  /// For what may not be done twice. When it fails because of the member, it may have been done, and
  /// the next call goes to another member.
  ///
  /// @throws DbException `STORAGE_IO_FAILED` when this client is closed; `CANCELED`
  <T> T askOnce(Call<T> call) throws StatusException {
    int index = gate.read(() -> current);
    try {
      return askAuthenticated(index, call);
    } catch (TimeoutException e) {
      throw leave(index, Status.DEADLINE_EXCEEDED.withCause(e).asException());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DbException(ErrorCode.CANCELED, "canceled while waiting for etcd", e);
    } catch (StatusException e) {
      throw isOfMember(e) ? leave(index, e) : e;
    }
  }

  private <T> T askAuthenticated(int index, Call<T> call)
      throws StatusException, InterruptedException, TimeoutException {
    Optional<EtcdConfig.User> user = config.user();
    if (user.isPresent() && gate.read(token::isEmpty)) {
      authenticate(index, user.get());
    }
    try {
      return call.on(member(index));
    } catch (StatusException e) {
      if (user.isEmpty() || !isOfToken(e)) {
        throw e;
      }
      authenticate(index, user.get());
      return call.on(member(index));
    }
  }

  private void authenticate(int index, EtcdConfig.User user) throws StatusException {
    String fresh =
        AuthGrpc.newBlockingV2Stub(channel(index))
            .withDeadlineAfter(config.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .authenticate(
                AuthenticateRequest.newBuilder()
                    .setName(user.name())
                    .setPassword(user.password())
                    .build())
            .getToken();
    gate.change(() -> token = Optional.of(fresh));
  }

  private EtcdMember member(int index) {
    Metadata headers = new Metadata();
    headers.put(REQUIRE_LEADER, "true");
    gate.read(() -> token).ifPresent(it -> headers.put(TOKEN, it));
    Channel channel =
        ClientInterceptors.intercept(
            channel(index), MetadataUtils.newAttachHeadersInterceptor(headers));
    return new EtcdMember(channel, config.callTimeout());
  }

  void requireOpen() {
    channel(0);
  }

  private ManagedChannel channel(int index) {
    return gate.read(() -> {
      if (closed) {
        throw MetaLimits.closed();
      }
      return channels.get(index);
    });
  }

  /// The next call goes to the next member. A member that did not answer in time may stand still, and
  /// watches there with it: they are broken, where there is another member for them.
  private StatusException leave(int index, StatusException why) {
    ManagedChannel left = channel(index);
    boolean silent = why.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
    boolean replace = silent && config.endpoints().size() > 1;
    boolean moved = gate.change(() -> move(index, left, replace));
    if (moved && replace) {
      left.shutdownNow();
    } else {
      left.resetConnectBackoff();
    }
    log.debug("left etcd {}: {}", config.endpoints().get(index), why.getStatus());
    return why;
  }

  private boolean move(int index, ManagedChannel left, boolean replace) {
    boolean first = current == index && channels.get(index) == left && !closed;
    if (first) {
      current = (index + 1) % channels.size();
    }
    if (first && replace) {
      channels.set(index, opener.open(config.endpoints().get(index)));
    }
    return first;
  }

  /// Whether another member, or this one later, may answer: the request is not to blame.
  private static boolean isOfMember(StatusException error) {
    return switch (error.getStatus().getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, UNKNOWN, CANCELLED, ABORTED -> true;
      default -> false;
    };
  }

  /// Tokens run out, and end when users or their rights change.
  private static boolean isOfToken(StatusException error) {
    String text = Optional.ofNullable(error.getStatus().getDescription()).orElse("");
    return error.getStatus().getCode() == Status.Code.UNAUTHENTICATED
        || text.contains("auth store is old")
        || text.contains("user name is empty");
  }

  @Override
  public void close() {
    List<ManagedChannel> open =
        gate.change(() -> {
          closed = true;
          return List.copyOf(channels);
        });
    open.forEach(ManagedChannel::shutdownNow);
  }
}
