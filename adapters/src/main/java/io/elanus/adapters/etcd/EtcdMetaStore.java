package io.elanus.adapters.etcd;

import etcdserverpb.CompactionRequest;
import etcdserverpb.LeaseGrantRequest;
import etcdserverpb.LeaseGrantResponse;
import etcdserverpb.LeaseRevokeRequest;
import etcdserverpb.RangeRequest;
import etcdserverpb.RangeResponse;
import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaLimits;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.run.Run;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The metastore on etcd. Revisions are etcd's own; where others use the same etcd, theirs lie between
/// ours. Reads are linearizable: whichever member is asked, it asks the leader.
public final class EtcdMetaStore implements MetaStore {
  private static final Logger log = LoggerFactory.getLogger(EtcdMetaStore.class);

  private final Run run;
  private final EtcdConfig config;
  private final EtcdClient client;
  private final EtcdKeys keys;
  private final RequestIds requests;

  private EtcdMetaStore(Run run, EtcdConfig config, EtcdClient client, int rememberedCommits) {
    this.run = run;
    this.config = config;
    this.client = client;
    this.keys = new EtcdKeys(config.rootPath());
    this.requests = new RequestIds(run, client, keys, rememberedCommits);
  }

  /// Connects, and tests that everything the store needs is there.
  ///
  /// @throws DbException `STORAGE_IO_FAILED` when no member can be reached; `INVALID_PARAMETER` with a
  ///     numbered list of what has to be mended
  public static EtcdMetaStore open(Run run, EtcdConfig config) {
    return open(run, config, REMEMBERED_COMMITS);
  }

  static EtcdMetaStore open(Run run, EtcdConfig config, int rememberedCommits) {
    EtcdClient client = new EtcdClient(run, config);
    try {
      new EtcdSelfTest(client, config).run();
      return new EtcdMetaStore(run, config, client, rememberedCommits);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  @Override
  public Optional<MetaEntry> get(String key) {
    MetaLimits.checkKey(key);
    RangeRequest request = RangeRequest.newBuilder().setKey(keys.data(key)).build();
    return range(request).getKvsList().stream().map(keys::entry).findFirst();
  }

  @Override
  public MetaRange range(String prefix) {
    MetaLimits.checkPrefix(prefix);
    EtcdKeys.Range all = keys.dataRange(prefix);
    RangeResponse answer =
        range(RangeRequest.newBuilder().setKey(all.first()).setRangeEnd(all.end()).build());
    return new MetaRange(
        answer.getKvsList().stream().map(keys::entry).toList(), answer.getHeader().getRevision());
  }

  private RangeResponse range(RangeRequest request) {
    return client.ask("read of etcd", member -> member.keys().range(request));
  }

  @Override
  public CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes) {
    MetaLimits.checkCommit(requestId, conditions, changes);
    changes.forEach(this::requireOwnLease);
    return new EtcdCommit(client, keys, requests, requestId, conditions, changes).run();
  }

  private void requireOwnLease(Change change) {
    if (change instanceof Change.PutLeased put
        && !(put.lease() instanceof EtcdLease lease && lease.isOf(this))) {
      throw MetaLimits.foreignLease(put.key());
    }
  }

  @Override
  public MetaWatch watch(String prefix, long after) {
    MetaLimits.checkPrefix(prefix);
    client.requireOpen();
    return new EtcdWatch(run, client, keys, this::revision, prefix, after);
  }

  private long revision() {
    RangeRequest request =
        RangeRequest.newBuilder().setKey(keys.generation()).setCountOnly(true).build();
    return range(request).getHeader().getRevision();
  }

  @Override
  public Lease lease(Duration ttl) {
    MetaLimits.checkTtl(ttl);
    long seconds = ttl.plusSeconds(1).minusNanos(1).toSeconds();
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(seconds).build();
    LeaseGrantResponse answer =
        client.ask("a new lease", member -> member.leases().leaseGrant(request));
    return new EtcdLease(this, answer.getID(), ttl);
  }

  boolean renew(long lease) {
    return client.ask("renewal of a lease", member -> member.keepAlive(lease)) > 0;
  }

  void end(long lease) {
    LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(lease).build();
    try {
      client.askOnce(member -> member.leases().leaseRevoke(request));
    } catch (StatusException e) {
      if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
        log.debug("lease ends in time lease={} error={}", lease, e.getStatus());
      }
    } catch (DbException e) {
      log.debug("lease ends in time lease={} error={}", lease, e.getMessage());
    }
  }

  /// Makes etcd forget its changes before `revision`. That is the operator's to arrange: others may use
  /// the same etcd.
  void compact(long revision) {
    client.ask(
        "compaction of etcd",
        member ->
            member.keys().compact(CompactionRequest.newBuilder().setRevision(revision).build()));
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String toString() {
    return config.toString();
  }
}
