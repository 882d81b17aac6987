package io.elanus.proxy.service;

import io.elanus.proto.milvus.MutationResult;
import io.elanus.proxy.write.Mutation;
import io.elanus.rpc.codec.KeysCodec;
import io.elanus.rpc.status.StatusMapper;

/// How writes are answered.
final class MutationResults {
  private MutationResults() {}

  static MutationResult.Builder of(Mutation mutation) {
    MutationResult.Builder result =
        MutationResult.newBuilder()
            .setStatus(StatusMapper.success())
            .setIDs(KeysCodec.encode(mutation.keys()))
            .setTimestamp(mutation.timestamp());
    for (int row = 0; row < mutation.keys().rowCount(); row++) {
      result.addSuccIndex(row);
    }
    return result;
  }
}
