package io.elanus.proxy.service;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elanus.common.error.DbException;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.proto.internal.BackgroundWorkRequest;
import io.elanus.proto.internal.BackgroundWorkResponse;
import io.elanus.proto.internal.JobKindState;
import io.elanus.proto.milvus.GetMetricsRequest;
import io.elanus.proto.milvus.GetMetricsResponse;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What runs, and what it does in the background, in the JSON of Milvus's `system_info`:
///
/// ```
/// {"nodes_info": [{"identifier": 3, "connected": [], "infos":
///     {"name": "querynode3", "type": "querynode", "id": 3, "draining": false, "zone": "",
///      "hardware_infos": {"ip": "10.0.0.7:4001", "memory": 2147483648},
///      "system_info": {"system_version": "0.1.0", "deploy_mode": "DISTRIBUTED"}}}, ...],
///  "background_work": {"index_build": {"waiting": 0, "running": 1, "done": 7, "failed": 0}, ...,
///      "swept_objects": 12}}
/// ```
///
/// Proxies are not registered: the one that answers is listed.
public final class SystemInfoService {
  private static final JsonMapper JSON = new JsonMapper();

  private final MetaStore store;
  private final Peers peers;
  private final Member self;

  /// @param node of this proxy
  /// @param version of the product
  public SystemInfoService(MetaStore store, Peers peers, NodeId node, String version) {
    this.store = store;
    this.peers = peers;
    this.self = new Member(node, "proxy", "", version);
  }

  /// Whatever is asked for, this is the answer: SDKs parse it and look no further.
  public GetMetricsResponse getMetrics(GetMetricsRequest request) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("nodes_info", members().stream().map(SystemInfoService::node).toList());
    all.put("background_work", backgroundWork());
    return GetMetricsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setResponse(JSON.valueToTree(all).toString())
        .setComponentName(name(self))
        .build();
  }

  /// Coordinators that lead, then nodes, this proxy last.
  private List<Member> members() {
    List<Member> members = new ArrayList<>();
    for (String prefix : List.of(MetaKeys.ELECTIONS, MetaKeys.NODES)) {
      store.range(prefix).entries().stream().map(MemberCodec::decode).forEach(members::add);
    }
    members.add(self);
    return members;
  }

  private static Map<String, Object> node(Member member) {
    Map<String, Object> infos = new LinkedHashMap<>();
    infos.put("name", name(member));
    infos.put("type", member.role());
    infos.put("id", member.node().value());
    infos.put("draining", member.draining());
    infos.put("zone", member.zone());
    infos.put("hardware_infos", Map.of("ip", member.address(), "memory", member.memoryBytes()));
    infos.put(
        "system_info", Map.of("system_version", member.version(), "deploy_mode", "DISTRIBUTED"));
    return Map.of("identifier", member.node().value(), "connected", List.of(), "infos", infos);
  }

  private static String name(Member member) {
    return member.role() + member.node();
  }

  private Map<String, Object> backgroundWork() {
    Map<String, Object> work = new LinkedHashMap<>();
    try {
      BackgroundWorkResponse answer =
          peers.dataCoord().backgroundWork(BackgroundWorkRequest.getDefaultInstance());
      answer
          .getKindsList()
          .forEach(kind -> work.put(kind.getKind().name().toLowerCase(Locale.ROOT), state(kind)));
      work.put("swept_objects", answer.getSweptObjects());
    } catch (DbException e) {
      work.put("error_reason", e.text());
    }
    return work;
  }

  private static Map<String, Object> state(JobKindState kind) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("waiting", kind.getWaiting());
    state.put("running", kind.getRunning());
    state.put("done", kind.getDone());
    state.put("failed", kind.getFailed());
    return state;
  }
}
