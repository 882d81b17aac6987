package io.elanus.proxy.service;

import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proxy.Requests;
import io.elanus.proxy.write.Deleter;
import io.elanus.proxy.write.Deletion;
import io.elanus.proxy.write.Mutation;
import io.elanus.proxy.write.RowWriter;
import io.elanus.rpc.status.StatusMapper;

/// Insert, upsert, delete.
public final class WriteService {
  private final RowWriter rows;
  private final Deleter deleter;
  private final RowCounts counts;

  public WriteService(RowWriter rows, Deleter deleter, RowCounts counts) {
    this.rows = rows;
    this.deleter = deleter;
    this.counts = counts;
  }

  public MutationResult insert(InsertRequest request) {
    Mutation done =
        rows.insert(Requests.database(request.getDbName()), request, Requests.deadline());
    counts.inserted.add(done.keys().rowCount());
    return MutationResults.of(done).setInsertCnt(done.keys().rowCount()).build();
  }

  public MutationResult upsert(UpsertRequest request) {
    Mutation done =
        rows.upsert(Requests.database(request.getDbName()), request, Requests.deadline());
    counts.upserted.add(done.keys().rowCount());
    return MutationResults.of(done).setUpsertCnt(done.keys().rowCount()).build();
  }

  /// No keys are returned: who deletes by condition has not named them.
  public MutationResult delete(DeleteRequest request) {
    Deletion done =
        deleter.delete(Requests.database(request.getDbName()), request, Requests.deadline());
    counts.deleted.add(done.count());
    return MutationResult.newBuilder()
        .setStatus(StatusMapper.success())
        .setDeleteCnt(done.count())
        .setTimestamp(done.timestamp())
        .build();
  }
}
