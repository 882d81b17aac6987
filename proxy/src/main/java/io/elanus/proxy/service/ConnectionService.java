package io.elanus.proxy.service;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.DatabaseMeta;
import io.elanus.proto.internal.ListDatabasesRequest;
import io.elanus.proto.milvus.AllocTimestampRequest;
import io.elanus.proto.milvus.AllocTimestampResponse;
import io.elanus.proto.milvus.CheckHealthRequest;
import io.elanus.proto.milvus.CheckHealthResponse;
import io.elanus.proto.milvus.ClientHeartbeatRequest;
import io.elanus.proto.milvus.ClientHeartbeatResponse;
import io.elanus.proto.milvus.ComponentInfo;
import io.elanus.proto.milvus.ComponentStates;
import io.elanus.proto.milvus.ConnectRequest;
import io.elanus.proto.milvus.ConnectResponse;
import io.elanus.proto.milvus.GetComponentStatesRequest;
import io.elanus.proto.milvus.GetVersionRequest;
import io.elanus.proto.milvus.GetVersionResponse;
import io.elanus.proto.milvus.ServerInfo;
import io.elanus.proto.milvus.StateCode;
import io.elanus.proxy.Requests;
import io.elanus.proxy.write.Timestamps;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// First contact, version and health.
public final class ConnectionService {
  private final Run run;
  private final Peers peers;
  private final Timestamps timestamps;
  private final NodeId node;
  private final String buildTag;
  private final Supplier<List<String>> warnings;

  /// @param buildTag reads like a tag of Milvus: `v3.0.0-name`
  public record Self(NodeId node, String buildTag) {}

  /// @param warnings what the caller should hear although all is well
  public ConnectionService(
      Run run, Peers peers, Timestamps timestamps, Self self, Supplier<List<String>> warnings) {
    this.run = run;
    this.peers = peers;
    this.timestamps = timestamps;
    this.node = self.node;
    this.buildTag = self.buildTag;
    this.warnings = warnings;
  }

  public ConnectResponse connect(ConnectRequest request) {
    requireDatabase(RequestContext.current().database());
    return ConnectResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setServerInfo(ServerInfo.newBuilder().setBuildTags(buildTag).setDeployMode("DISTRIBUTED"))
        .setIdentifier(identifier())
        .build();
  }

  /// Never 0, and of the wall clock: connecting needs no coordinator.
  private long identifier() {
    return HybridTimestamp.of(run.wallMillis(), 1);
  }

  /// Without rootcoord any database will do; the first call into it will tell.
  private void requireDatabase(String name) {
    if (name.equals(RequestContext.DEFAULT_DATABASE)) {
      return;
    }
    List<DatabaseMeta> databases;
    try {
      databases =
          peers
              .rootCoord()
              .listDatabases(ListDatabasesRequest.getDefaultInstance())
              .getDatabasesList();
    } catch (DbException e) {
      if (e.kind() == ErrorKind.NOT_READY) {
        return;
      }
      throw e;
    }
    if (databases.stream().noneMatch(database -> database.getName().equals(name))) {
      throw ErrorCode.DATABASE_NOT_FOUND.with("database", name);
    }
  }

  public GetVersionResponse getVersion(GetVersionRequest request) {
    return GetVersionResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setVersion(buildTag)
        .build();
  }

  public AllocTimestampResponse allocTimestamp(AllocTimestampRequest request) {
    return AllocTimestampResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setTimestamp(timestamps.now(Requests.deadline()))
        .build();
  }

  public CheckHealthResponse checkHealth(CheckHealthRequest request) {
    List<String> reasons = new ArrayList<>();
    probe("rootcoord", peers::rootCoord, reasons);
    probe("querycoord", peers::queryCoord, reasons);
    probe("datacoord", peers::dataCoord, reasons);
    if (peers.queryNodes().isEmpty()) {
      reasons.add("no query node is registered");
    }
    if (peers.dataNodes().isEmpty()) {
      reasons.add("no data node is registered");
    }
    return CheckHealthResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setIsHealthy(reasons.isEmpty())
        .addAllReasons(reasons)
        .addAllReasons(warnings.get())
        .build();
  }

  private static void probe(String role, Runnable find, List<String> reasons) {
    try {
      find.run();
    } catch (DbException e) {
      reasons.add("%s: %s".formatted(role, e.text()));
    }
  }

  public ComponentStates getComponentStates(GetComponentStatesRequest request) {
    ComponentInfo proxy =
        ComponentInfo.newBuilder()
            .setNodeID(node.value())
            .setRole("proxy")
            .setStateCode(StateCode.Healthy)
            .build();
    return ComponentStates.newBuilder()
        .setStatus(StatusMapper.success())
        .setState(proxy)
        .addSubcomponentStates(proxy)
        .build();
  }

  public ClientHeartbeatResponse clientHeartbeat(ClientHeartbeatRequest request) {
    return ClientHeartbeatResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setServerTimestamp(run.wallMillis())
        .build();
  }
}
