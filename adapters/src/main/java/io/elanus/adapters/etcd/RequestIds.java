package io.elanus.adapters.etcd;

import com.google.protobuf.ByteString;
import etcdserverpb.Compare;
import etcdserverpb.DeleteRangeRequest;
import etcdserverpb.KeyValue;
import etcdserverpb.RangeRequest;
import etcdserverpb.RangeResponse;
import etcdserverpb.RequestOp;
import etcdserverpb.ResponseOp;
import etcdserverpb.TxnRequest;
import etcdserverpb.TxnResponse;
import io.elanus.common.error.DbException;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Remembers the commits of all processes by their request ids. Ids come in generations, of which the
/// newest takes new ones and the one before is still asked. When the newest is full, the next begins,
/// and the one before is forgotten at once:
///
/// ```
///    g-1 (full)   g (takes ids)          g full:    g (full)   g+1 (takes ids)
/// ```
///
/// So an id is remembered for at least one full generation of commits. Which generation takes ids is
/// an entry of its own; every commit holds only while that is unchanged.
final class RequestIds {
  /// @param revision of the entry that says so
  record Generation(long number, long revision) {}

  private static final Logger log = LoggerFactory.getLogger(RequestIds.class);

  /// Commits of this process between two looks whether the generation is full.
  private static final int COMMITS_PER_LOOK = 500;

  private final Run run;
  private final EtcdClient client;
  private final EtcdKeys keys;
  private final int fullCount;
  private final int commitsPerLook;
  private final Gate gate;

  // guarded by gate
  private Optional<Generation> known = Optional.empty();
  private int commitsSinceLook;

  /// @param fullCount ids of a full generation, at least
  RequestIds(Run run, EtcdClient client, EtcdKeys keys, int fullCount) {
    this.run = run;
    this.client = client;
    this.keys = keys;
    this.fullCount = fullCount;
    this.commitsPerLook = Math.min(COMMITS_PER_LOOK, fullCount);
    this.gate = run.gate();
  }

  /// The generation that takes ids, as far as this process knows.
  Generation generation() {
    return gate.read(() -> known).orElseGet(this::load);
  }

  private Generation load() {
    TxnRequest request =
        TxnRequest.newBuilder()
            .addCompare(EtcdTxn.absent(keys.generation()))
            .addSuccess(EtcdTxn.put(keys.generation(), number(1)))
            .addFailure(EtcdTxn.get(keys.generation()))
            .build();
    TxnResponse answer = client.ask("read of etcd", member -> member.keys().txn(request));
    Generation found =
        answer.getSucceeded()
            ? new Generation(1, answer.getHeader().getRevision())
            : read(answer.getResponses(0)).orElseThrow();
    gate.change(() -> known = Optional.of(found));
    return found;
  }

  /// Holds while `id` is new and `generation` takes ids.
  List<Compare> isNew(Generation generation, String id) {
    return List.of(
        EtcdTxn.revisionIs(keys.generation(), generation.revision),
        EtcdTxn.absent(keys.request(generation.number, id)),
        EtcdTxn.absent(keys.request(generation.number - 1, id)));
  }

  RequestOp remember(Generation generation, String id) {
    return EtcdTxn.put(keys.request(generation.number, id), ByteString.EMPTY);
  }

  /// What [#isNew] looked at. The answers are for [#find] and [#learn].
  List<RequestOp> look(Generation generation, String id) {
    return List.of(
        EtcdTxn.get(keys.generation()),
        EtcdTxn.get(keys.request(generation.number, id)),
        EtcdTxn.get(keys.request(generation.number - 1, id)));
  }

  /// The revision of the commit, if its id is remembered.
  static Optional<Long> find(List<ResponseOp> answers) {
    return answers.stream()
        .skip(1)
        .limit(2)
        .flatMap(answer -> answer.getResponseRange().getKvsList().stream())
        .map(KeyValue::getModRevision)
        .findFirst();
  }

  /// @return whether another generation takes ids by now, so that the commit has to be made anew
  boolean learn(Generation used, List<ResponseOp> answers) {
    Optional<Generation> found = read(answers.getFirst());
    gate.change(() -> known = found);
    return !found.equals(Optional.of(used));
  }

  private static Optional<Generation> read(ResponseOp answer) {
    return answer.getResponseRange().getKvsList().stream()
        .map(pair ->
            new Generation(Long.parseLong(pair.getValue().toStringUtf8()), pair.getModRevision()))
        .findFirst();
  }

  /// An id was remembered.
  void count(Generation generation) {
    boolean look =
        gate.change(() -> {
          commitsSinceLook = (commitsSinceLook + 1) % commitsPerLook;
          return commitsSinceLook == 0;
        });
    if (look) {
      run.fork("forget request ids", () -> turnIfFull(generation));
    }
  }

  private void turnIfFull(Generation generation) {
    try {
      if (idCount(generation) >= fullCount) {
        turn(generation);
      }
    } catch (DbException e) {
      log.warn("request ids not forgotten: {}", e.getMessage());
    }
  }

  private long idCount(Generation generation) {
    EtcdKeys.Range ids = keys.requests(generation.number);
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(ids.first())
            .setRangeEnd(ids.end())
            .setCountOnly(true)
            .setSerializable(true)
            .build();
    RangeResponse answer = client.ask("read of etcd", member -> member.keys().range(request));
    return answer.getCount();
  }

  /// Begins the next generation, unless another process did.
  private void turn(Generation generation) {
    EtcdKeys.Range oldest = keys.requests(generation.number - 1);
    TxnRequest request =
        TxnRequest.newBuilder()
            .addCompare(EtcdTxn.revisionIs(keys.generation(), generation.revision))
            .addSuccess(EtcdTxn.put(keys.generation(), number(generation.number + 1)))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder()
                            .setKey(oldest.first())
                            .setRangeEnd(oldest.end())))
            .build();
    TxnResponse answer = client.ask("write of etcd", member -> member.keys().txn(request));
    if (answer.getSucceeded()) {
      log.info("request ids forgotten generation={}", generation.number - 1);
    }
  }

  private static ByteString number(long value) {
    return ByteString.copyFromUtf8(Long.toString(value));
  }
}
