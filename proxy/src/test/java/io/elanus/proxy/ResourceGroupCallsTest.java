package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.proto.milvus.CreateResourceGroupRequest;
import io.elanus.proto.milvus.DescribeResourceGroupRequest;
import io.elanus.proto.milvus.DropResourceGroupRequest;
import io.elanus.proto.milvus.GetQuerySegmentInfoRequest;
import io.elanus.proto.milvus.GetReplicasRequest;
import io.elanus.proto.milvus.ListResourceGroupsRequest;
import io.elanus.proto.milvus.LoadBalanceRequest;
import io.elanus.proto.milvus.ResourceGroup;
import io.elanus.proto.milvus.ResourceGroupConfig;
import io.elanus.proto.milvus.ResourceGroupLimit;
import io.elanus.proto.milvus.TransferReplicaRequest;
import io.elanus.proto.milvus.UpdateResourceGroupsRequest;
import io.elanus.proxy.service.ReplicaService;
import io.elanus.proxy.service.ResourceGroupService;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Resource groups and replicas, as they go through to querycoord and come back.
class ResourceGroupCallsTest {
  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);
  private final ResourceGroupService groups = cluster.service(ResourceGroupService.class);
  private final ReplicaService replicas = cluster.service(ReplicaService.class);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static ResourceGroupConfig config(int requests, int limits) {
    return ResourceGroupConfig.newBuilder()
        .setRequests(ResourceGroupLimit.newBuilder().setNodeNum(requests))
        .setLimits(ResourceGroupLimit.newBuilder().setNodeNum(limits))
        .build();
  }

  private List<String> list() {
    return cluster
        .call(() -> groups.listResourceGroups(ListResourceGroupsRequest.getDefaultInstance()))
        .getResourceGroupsList();
  }

  private ResourceGroup describe(String name) {
    return cluster
        .call(() ->
            groups.describeResourceGroup(
                DescribeResourceGroupRequest.newBuilder().setResourceGroup(name).build()))
        .getResourceGroup();
  }

  private void create(String name) {
    cluster.call(() ->
        groups.createResourceGroup(
            CreateResourceGroupRequest.newBuilder()
                .setResourceGroup(name)
                .setConfig(config(1, 2))
                .build()));
  }

  @Test
  void groupsComeAndGo() {
    films.create(1, false);
    films.index();
    films.load();
    create("a");

    assertThat(list()).containsExactly("__default_resource_group", "a");
    ResourceGroup group = describe("a");
    assertThat(group.getCapacity()).isEqualTo(1);
    assertThat(group.getConfig()).isEqualTo(config(1, 2));
    assertThat(group.getNumAvailableNode()).isEqualTo(1);
    assertThat(group.getNodes(0).getHostname()).isEqualTo("host");
    assertThat(group.getNumLoadedReplicaMap()).containsExactly(Map.entry("films", 1));

    cluster.call(() ->
        groups.updateResourceGroups(
            UpdateResourceGroupsRequest.newBuilder().putResourceGroups("a", config(0, 0)).build()));
    assertThat(describe("a").getConfig()).isEqualTo(config(0, 0));
    cluster.call(() ->
        groups.dropResourceGroup(
            DropResourceGroupRequest.newBuilder().setResourceGroup("a").build()));
    assertThat(list()).containsExactly("__default_resource_group");
    assertThatThrownBy(() -> describe("a")).hasMessage("resource group not found[rg=a]");
  }

  @Test
  void namesAreChecked() {
    assertThatThrownBy(() -> create("")).hasMessageContaining("name couldn't be empty");
    assertThatThrownBy(() -> create("1a"))
        .hasMessageContaining("the first character of a resource group name must be");
    assertThatThrownBy(() -> create("a-b"))
        .hasMessageContaining("can only contain numbers, letters and underscores");
    assertThatThrownBy(() ->
            cluster.call(() ->
                groups.transferReplica(
                    TransferReplicaRequest.newBuilder().setCollectionName("nope").build())))
        .hasMessage("can't find collection[database=default][collection=nope]");
  }

  @Test
  void replicasAndSegmentsSayWhereTheyAre() {
    films.create(1, false);
    films.index();
    assertThat(
            cluster
                .call(() ->
                    replicas.getReplicas(
                        GetReplicasRequest.newBuilder().setCollectionName("films").build()))
                .getReplicasList())
        .isEmpty();
    films.load();

    var replica =
        cluster
            .call(() ->
                replicas.getReplicas(
                    GetReplicasRequest.newBuilder().setCollectionName("films").build()))
            .getReplicas(0);
    assertThat(replica.getReplicaID()).isEqualTo(12);
    assertThat(replica.getShardReplicas(0).getLeaderAddr()).isEqualTo("host:1");
    assertThat(replica.getNumOutboundNodeMap()).containsKey("other");
    assertThat(replica.getPartitionIdsCount()).isEqualTo(1);

    var segments =
        cluster
            .call(() ->
                replicas.getQuerySegmentInfo(
                    GetQuerySegmentInfoRequest.newBuilder().setCollectionName("films").build()))
            .getInfosList();
    assertThat(segments).hasSize(1);
    assertThat(segments.getFirst().getNodeIdsList()).containsExactly(41L);
    cluster.call(() ->
        replicas.loadBalance(
            LoadBalanceRequest.newBuilder().setCollectionName("films").setSrcNodeID(41).build()));
  }
}
