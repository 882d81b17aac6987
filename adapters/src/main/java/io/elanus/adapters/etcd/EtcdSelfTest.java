package io.elanus.adapters.etcd;

import com.google.protobuf.ByteString;
import etcdserverpb.Compare;
import etcdserverpb.RangeRequest;
import etcdserverpb.RequestOp;
import etcdserverpb.StatusRequest;
import etcdserverpb.StatusResponse;
import etcdserverpb.TxnRequest;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Proves before the first commit that the store can stand on this etcd, and names all that it lacks
/// at once.
final class EtcdSelfTest {
  private static final int LEAST_MAJOR = 3;
  private static final int LEAST_MINOR = 4;

  private final EtcdClient client;
  private final EtcdConfig config;
  private final List<String> problems = new ArrayList<>();

  EtcdSelfTest(EtcdClient client, EtcdConfig config) {
    this.client = client;
    this.config = config;
  }

  /// @throws DbException `STORAGE_IO_FAILED` when no member answers; `INVALID_PARAMETER`
  void run() {
    StatusResponse status =
        client.ask(
            "the status of etcd %s".formatted(config.endpoints()),
            member -> member.maintenance().status(StatusRequest.getDefaultInstance()));
    checkVersion(status.getVersion());
    status.getErrorsList().forEach(alarm -> problems.add("etcd says: " + alarm));
    checkRights();
    if (!problems.isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "metastore %s cannot be used:%n%s", config, numbered(problems));
    }
  }

  private void checkVersion(String version) {
    String[] parts = version.split("[.-]", -1);
    int major = Integer.parseInt(parts[0]);
    int minor = Integer.parseInt(parts[1]);
    if (major < LEAST_MAJOR || (major == LEAST_MAJOR && minor < LEAST_MINOR)) {
      problems.add(
          "etcd has version %s, needed is %d.%d".formatted(version, LEAST_MAJOR, LEAST_MINOR));
    }
  }

  /// etcd checks the rights for both branches of a transaction; this one takes the empty one.
  private void checkRights() {
    EtcdKeys.Range all = new EtcdKeys(config.rootPath()).everything();
    Compare never = EtcdTxn.present(all.first());
    TxnRequest request =
        TxnRequest.newBuilder()
            .addCompare(never)
            .addSuccess(EtcdTxn.put(all.first(), ByteString.EMPTY))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestRange(
                        RangeRequest.newBuilder().setKey(all.first()).setRangeEnd(all.end())))
            .build();
    try {
      client.askOnce(member -> member.keys().txn(request));
    } catch (StatusException e) {
      if (e.getStatus().getCode() != Status.Code.PERMISSION_DENIED) {
        throw EtcdClient.failed("self-test of etcd", e);
      }
      problems.add(
          "%s may not read and write all keys from '%s/': grant a role readwrite on that prefix"
              .formatted(config.user().map(Object::toString).orElse("nobody"), config.rootPath()));
    }
  }

  private static String numbered(List<String> problems) {
    return IntStream.range(0, problems.size())
        .mapToObj(i -> "%d. %s".formatted(i + 1, problems.get(i)))
        .collect(Collectors.joining("\n"));
  }
}
