package io.elanus.adapters.etcd;

import etcdserverpb.KVGrpc;
import etcdserverpb.LeaseGrpc;
import etcdserverpb.LeaseKeepAliveRequest;
import etcdserverpb.LeaseKeepAliveResponse;
import etcdserverpb.MaintenanceGrpc;
import etcdserverpb.WatchCreateRequest;
import etcdserverpb.WatchGrpc;
import etcdserverpb.WatchRequest;
import etcdserverpb.WatchResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls to one member of etcd, which block.
record EtcdMember(Channel channel, Duration callTimeout) {
  KVGrpc.KVBlockingV2Stub keys() {
    return KVGrpc.newBlockingV2Stub(channel).withDeadlineAfter(callTimeout);
  }

  LeaseGrpc.LeaseBlockingV2Stub leases() {
    return LeaseGrpc.newBlockingV2Stub(channel).withDeadlineAfter(callTimeout);
  }

  MaintenanceGrpc.MaintenanceBlockingV2Stub maintenance() {
    return MaintenanceGrpc.newBlockingV2Stub(channel).withDeadlineAfter(callTimeout);
  }

  /// Begins a stream of changes, which lasts until it is canceled or breaks.
  BlockingClientCall<WatchRequest, WatchResponse> watch(WatchCreateRequest create)
      throws StatusException, InterruptedException, TimeoutException {
    BlockingClientCall<WatchRequest, WatchResponse> call =
        WatchGrpc.newBlockingV2Stub(channel).watch();
    boolean begun = false;
    try {
      WatchRequest request = WatchRequest.newBuilder().setCreateRequest(create).build();
      begun = call.write(request, callTimeout.toMillis(), TimeUnit.MILLISECONDS);
      return call;
    } finally {
      if (!begun) {
        call.cancel("not begun", null);
      }
    }
  }

  /// One renewal.
  ///
  /// @return the new time to live in seconds; not positive when the lease has ended
  long keepAlive(long lease) throws StatusException, InterruptedException, TimeoutException {
    BlockingClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call =
        leases().leaseKeepAlive();
    try {
      call.write(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
      LeaseKeepAliveResponse answer = call.read(callTimeout.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        throw Status.UNAVAILABLE.withDescription("no answer to a renewal").asException();
      }
      return answer.getTTL();
    } finally {
      call.cancel("renewed", null);
    }
  }
}
