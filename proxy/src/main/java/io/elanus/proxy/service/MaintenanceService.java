package io.elanus.proxy.service;

import io.elanus.proto.milvus.CompactionState;
import io.elanus.proto.milvus.GetCompactionPlansRequest;
import io.elanus.proto.milvus.GetCompactionPlansResponse;
import io.elanus.proto.milvus.GetCompactionStateRequest;
import io.elanus.proto.milvus.GetCompactionStateResponse;
import io.elanus.proto.milvus.ManualCompactionRequest;
import io.elanus.proto.milvus.ManualCompactionResponse;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.rpc.status.StatusMapper;

/// Compaction as SDKs ask for it. There is nothing to compact by hand yet, and the answers say so the way
/// Milvus does: id -1, no plans, completed.
public final class MaintenanceService {
  private static final long NOTHING_TO_DO = -1;

  private final CollectionCache collections;

  public MaintenanceService(CollectionCache collections) {
    this.collections = collections;
  }

  public ManualCompactionResponse manualCompaction(ManualCompactionRequest request) {
    if (!request.getCollectionName().isEmpty()) {
      collections.ask(Requests.database(request.getDbName()), request.getCollectionName());
    }
    return ManualCompactionResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setCompactionID(NOTHING_TO_DO)
        .build();
  }

  public GetCompactionStateResponse getCompactionState(GetCompactionStateRequest request) {
    return GetCompactionStateResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setState(CompactionState.Completed)
        .build();
  }

  public GetCompactionPlansResponse getCompactionStateWithPlans(GetCompactionPlansRequest request) {
    return GetCompactionPlansResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setState(CompactionState.Completed)
        .build();
  }
}
