package io.elanus.adapters.etcd;

import com.google.protobuf.ByteString;
import etcdserverpb.Compare;
import etcdserverpb.RequestOp;
import etcdserverpb.ResponseOp;
import etcdserverpb.TxnRequest;
import etcdserverpb.TxnResponse;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One commit as a transaction of etcd, which is decided at one revision:
///
/// ```
/// if   the request id is new, and all conditions hold
/// then note the id; make all changes
/// else look the id up: who finds it was here before
/// ```
///
/// A commit that would change nothing takes no revision and is not noted. Whether one that only
/// removes changes anything is looked up first, and then is a condition like the others.
final class EtcdCommit {
  private static final int MAX_TRIES = 20;

  private final EtcdClient client;
  private final EtcdKeys keys;
  private final RequestIds ids;
  private final String id;
  private final List<Condition> conditions;
  private final List<Change> changes;

  EtcdCommit(
      EtcdClient client,
      EtcdKeys keys,
      RequestIds ids,
      String id,
      List<Condition> conditions,
      List<Change> changes) {
    this.client = client;
    this.keys = keys;
    this.ids = ids;
    this.id = id;
    this.conditions = conditions;
    this.changes = changes;
  }

  /// What the commit will change.
  private sealed interface Effect {
    /// Something: it puts.
    record Certain() implements Effect {}

    /// Something, as long as this key is there.
    record Removal(ByteString present) implements Effect {}

    /// Nothing, as long as none of its keys is there.
    record Nothing() implements Effect {}
  }

  CommitOutcome run() {
    if (conditions.stream().anyMatch(EtcdCommit::neverHolds)) {
      return new CommitOutcome.Conflict();
    }
    try {
      for (int i = 0; i < MAX_TRIES; i++) {
        Optional<CommitOutcome> outcome = runOnce();
        if (outcome.isPresent()) {
          return outcome.get();
        }
      }
      throw ErrorCode.STORAGE_IO_FAILED.because("commit %s: too much changes beside it", id);
    } catch (StatusException e) {
      return isOfLease(e)
          ? new CommitOutcome.Conflict()
          : new CommitOutcome.Unknown(EtcdClient.failed("commit to etcd", e));
    } catch (DbException e) {
      return new CommitOutcome.Unknown(e);
    }
  }

  /// Of a key that is not there, etcd says 0.
  private static boolean neverHolds(Condition condition) {
    return condition instanceof Condition.RevisionIs is && is.revision() <= 0;
  }

  /// A lease that has ended; etcd looks at leases only when all else holds.
  private static boolean isOfLease(StatusException error) {
    String text = Optional.ofNullable(error.getStatus().getDescription()).orElse("");
    return error.getStatus().getCode() == Status.Code.NOT_FOUND && text.contains("lease");
  }

  /// @return empty when what it was based on is not true any more
  private Optional<CommitOutcome> runOnce() throws StatusException {
    RequestIds.Generation generation = ids.generation();
    Effect effect = effect();
    TxnRequest request = request(generation, effect);
    TxnResponse answer = client.askOnce(member -> member.keys().txn(request));
    if (answer.getSucceeded()) {
      if (!(effect instanceof Effect.Nothing)) {
        ids.count(generation);
      }
      return Optional.of(new CommitOutcome.Committed(answer.getHeader().getRevision()));
    }
    return decide(generation, effect, answer.getResponsesList());
  }

  private Optional<CommitOutcome> decide(
      RequestIds.Generation generation, Effect effect, List<ResponseOp> answers) {
    Optional<Long> before = RequestIds.find(answers);
    if (before.isPresent()) {
      return Optional.of(new CommitOutcome.Committed(before.get()));
    }
    if (ids.learn(generation, answers)) {
      return Optional.empty();
    }
    return effect instanceof Effect.Certain || !conditionsHold()
        ? Optional.of(new CommitOutcome.Conflict())
        : Optional.empty();
  }

  private Effect effect() {
    if (changes.stream().anyMatch(change -> !(change instanceof Change.Remove))) {
      return new Effect.Certain();
    }
    TxnRequest request =
        TxnRequest.newBuilder()
            .addAllSuccess(
                changes.stream().map(change -> EtcdTxn.find(keys.data(change.key()))).toList())
            .build();
    TxnResponse answer = client.ask("read of etcd", member -> member.keys().txn(request));
    return answer.getResponsesList().stream()
        .flatMap(found -> found.getResponseRange().getKvsList().stream())
        .findFirst()
        .<Effect>map(there -> new Effect.Removal(there.getKey()))
        .orElseGet(Effect.Nothing::new);
  }

  private boolean conditionsHold() {
    TxnRequest request = TxnRequest.newBuilder().addAllCompare(comparisons()).build();
    return client.ask("read of etcd", member -> member.keys().txn(request)).getSucceeded();
  }

  private TxnRequest request(RequestIds.Generation generation, Effect effect) {
    TxnRequest.Builder request =
        TxnRequest.newBuilder()
            .addAllCompare(ids.isNew(generation, id))
            .addAllCompare(comparisons())
            .addAllFailure(ids.look(generation, id));
    switch (effect) {
      case Effect.Certain _ -> addChanges(request, generation);
      case Effect.Removal removal -> {
        request.addCompare(EtcdTxn.present(removal.present));
        addChanges(request, generation);
      }
      case Effect.Nothing _ ->
          changes.forEach(change -> request.addCompare(EtcdTxn.absent(keys.data(change.key()))));
    }
    return request.build();
  }

  private void addChanges(TxnRequest.Builder request, RequestIds.Generation generation) {
    request.addSuccess(ids.remember(generation, id));
    changes.forEach(change -> request.addSuccess(operation(change)));
  }

  private List<Compare> comparisons() {
    List<Compare> comparisons = new ArrayList<>();
    for (Condition condition : conditions) {
      ByteString key = keys.data(condition.key());
      comparisons.add(
          switch (condition) {
            case Condition.Absent _ -> EtcdTxn.absent(key);
            case Condition.Present _ -> EtcdTxn.present(key);
            case Condition.RevisionIs is -> EtcdTxn.revisionIs(key, is.revision());
          });
    }
    return comparisons;
  }

  private RequestOp operation(Change change) {
    ByteString key = keys.data(change.key());
    return switch (change) {
      case Change.Put put -> EtcdTxn.put(key, ByteString.copyFrom(put.value()));
      case Change.PutLeased put ->
          EtcdTxn.putLeased(key, ByteString.copyFrom(put.value()), ((EtcdLease) put.lease()).id());
      case Change.Remove _ -> EtcdTxn.remove(key);
    };
  }
}
