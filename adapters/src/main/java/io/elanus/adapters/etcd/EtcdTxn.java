package io.elanus.adapters.etcd;

import com.google.protobuf.ByteString;
import etcdserverpb.Compare;
import etcdserverpb.DeleteRangeRequest;
import etcdserverpb.PutRequest;
import etcdserverpb.RangeRequest;
import etcdserverpb.RequestOp;

/// The parts of etcd's transactions. The version of a key counts its writes since it was made, and is 0
/// where it is not there.
final class EtcdTxn {
  private EtcdTxn() {}

  static Compare absent(ByteString key) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.VERSION)
        .setResult(Compare.CompareResult.EQUAL)
        .setVersion(0)
        .build();
  }

  static Compare present(ByteString key) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.VERSION)
        .setResult(Compare.CompareResult.GREATER)
        .setVersion(0)
        .build();
  }

  /// @param revision positive: an absent key has revision 0
  static Compare revisionIs(ByteString key, long revision) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.EQUAL)
        .setModRevision(revision)
        .build();
  }

  static RequestOp get(ByteString key) {
    return RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key)).build();
  }

  static RequestOp find(ByteString key) {
    return RequestOp.newBuilder()
        .setRequestRange(RangeRequest.newBuilder().setKey(key).setKeysOnly(true))
        .build();
  }

  static RequestOp put(ByteString key, ByteString value) {
    return putLeased(key, value, 0);
  }

  static RequestOp putLeased(ByteString key, ByteString value, long lease) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease))
        .build();
  }

  static RequestOp remove(ByteString key) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
        .build();
  }
}
