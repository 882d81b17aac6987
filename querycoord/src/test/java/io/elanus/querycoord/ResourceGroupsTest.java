package io.elanus.querycoord;

import static io.elanus.querycoord.Town.FILMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.proto.internal.CreateResourceGroupRequest;
import io.elanus.proto.internal.DescribeResourceGroupRequest;
import io.elanus.proto.internal.DescribeResourceGroupResponse;
import io.elanus.proto.internal.DropResourceGroupRequest;
import io.elanus.proto.internal.GroupNode;
import io.elanus.proto.internal.ListReplicasRequest;
import io.elanus.proto.internal.ListResourceGroupsRequest;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.TransferNodeRequest;
import io.elanus.proto.internal.TransferReplicaRequest;
import io.elanus.proto.internal.UpdateResourceGroupsRequest;
import io.elanus.proto.milvus.ResourceGroupConfig;
import io.elanus.proto.milvus.ResourceGroupLimit;
import io.elanus.proto.milvus.ResourceGroupTransfer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Resource groups as clients see them.
class ResourceGroupsTest {
  private static final String DEFAULT = "__default_resource_group";

  private static ResourceGroupConfig config(int requests, int limits) {
    return ResourceGroupConfig.newBuilder()
        .setRequests(ResourceGroupLimit.newBuilder().setNodeNum(requests))
        .setLimits(ResourceGroupLimit.newBuilder().setNodeNum(limits))
        .build();
  }

  private static void create(QueryCoordRole role, String name, ResourceGroupConfig config) {
    role.service()
        .createResourceGroup(
            CreateResourceGroupRequest.newBuilder().setName(name).setConfig(config).build());
  }

  private static void update(QueryCoordRole role, String name, ResourceGroupConfig config) {
    role.service()
        .updateResourceGroups(
            UpdateResourceGroupsRequest.newBuilder().putConfigs(name, config).build());
  }

  private static void drop(QueryCoordRole role, String name) {
    role.service().dropResourceGroup(DropResourceGroupRequest.newBuilder().setName(name).build());
  }

  private static DescribeResourceGroupResponse describe(QueryCoordRole role, String name) {
    return role.service()
        .describeResourceGroup(DescribeResourceGroupRequest.newBuilder().setName(name).build());
  }

  private static List<Long> nodes(QueryCoordRole role, String name) {
    return describe(role, name).getNodesList().stream().map(GroupNode::getNodeId).toList();
  }

  private static List<String> list(QueryCoordRole role) {
    return role.service()
        .listResourceGroups(ListResourceGroupsRequest.getDefaultInstance())
        .getNamesList();
  }

  private static void transferReplica(QueryCoordRole role, String from, String to, long count) {
    role.service()
        .transferReplica(
            TransferReplicaRequest.newBuilder()
                .setSource(from)
                .setTarget(to)
                .setCollectionId(FILMS.value())
                .setReplicaCount(count)
                .build());
  }

  private static void transferNode(QueryCoordRole role, String from, String to, int count) {
    role.service()
        .transferNode(
            TransferNodeRequest.newBuilder()
                .setSource(from)
                .setTarget(to)
                .setNodeCount(count)
                .build());
  }

  @Test
  void groupsAreMadeFilledAndDropped() {
    Town.simulate(
        1,
        town -> {
          QueryCoordRole role = town.leading();
          assertThat(list(role)).containsExactly(DEFAULT);
          assertThat(describe(role, DEFAULT).getConfig().getLimits().getNodeNum())
              .isEqualTo(1_000_000);
          town.comes(1);
          town.comes(2);
          town.comes(3);

          create(role, "a", config(2, 2));
          create(role, "a", config(2, 2));
          assertThatThrownBy(() -> create(role, "a", config(1, 2)))
              .hasMessage("resource group already exist, but create with different config[rg=a]");
          town.rest();
          assertThat(list(role)).containsExactly(DEFAULT, "a");
          assertThat(nodes(role, "a")).containsExactly(2L, 3L);
          assertThat(nodes(role, DEFAULT)).containsExactly(1L);
          assertThat(Objects.requireNonNull(town.stored().groups().get("a")).nodes()).hasSize(2);

          assertThatThrownBy(() -> drop(role, "a"))
              .hasMessageStartingWith("resource group's limits node num is not 0");
          update(role, "a", config(0, 0));
          town.rest();
          assertThat(nodes(role, DEFAULT)).containsExactly(1L, 2L, 3L);
          drop(role, "a");
          drop(role, "a");
          assertThat(list(role)).containsExactly(DEFAULT);
          assertThatThrownBy(() -> drop(role, DEFAULT))
              .hasMessageContaining("default resource group is not deletable");
          assertThatThrownBy(() -> describe(role, "a"))
              .hasMessage("resource group not found[rg=a]");
        });
  }

  @Test
  void configurationsAreChecked() {
    Town.simulate(
        1,
        town -> {
          QueryCoordRole role = town.leading();
          assertThatThrownBy(() -> create(role, "a", ResourceGroupConfig.getDefaultInstance()))
              .hasMessageStartingWith("requests or limits is required: ")
              .hasMessageContaining("resource group illegal config[rg=a]");
          assertThatThrownBy(() -> create(role, "a", config(2, 1)))
              .hasMessageStartingWith("limits node num should not less than requests node num");
          assertThatThrownBy(() -> create(role, "a", config(-1, 1)))
              .hasMessageStartingWith("node num in `requests` or `limits` should not less than 0");
          ResourceGroupTransfer self =
              ResourceGroupTransfer.newBuilder().setResourceGroup("a").build();
          assertThatThrownBy(
                  () -> create(role, "a", config(1, 1).toBuilder().addTransferFrom(self).build()))
              .hasMessageStartingWith("resource group in `TransferFrom` a should not be itself");
          ResourceGroupTransfer other =
              ResourceGroupTransfer.newBuilder().setResourceGroup("b").build();
          assertThatThrownBy(
                  () -> create(role, "a", config(1, 1).toBuilder().addTransferTo(other).build()))
              .hasMessageStartingWith("resource group in `TransferTo` b not exist");
          assertThatThrownBy(() -> update(role, "c", config(1, 1)))
              .hasMessage("resource group not found[rg=c]");

          create(role, "b", config(0, 0));
          create(role, "a", config(0, 1).toBuilder().addTransferTo(other).build());
          assertThatThrownBy(() -> drop(role, "b"))
              .hasMessageStartingWith("resource group b is used by a's `TransferTo`");
        });
  }

  @Test
  void replicasAreLoadedIntoGroupsAndTransferred() {
    Town.simulate(
        1,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          town.comes(1);
          town.comes(2);
          town.comes(3);
          create(role, "a", config(1, 1));
          create(role, "b", config(1, 1));
          town.rest();
          LoadCollectionRequest.Builder request =
              LoadCollectionRequest.newBuilder()
                  .setCollectionId(FILMS.value())
                  .addResourceGroups("a");
          assertThatThrownBy(() -> town.load(role, request.clone().setReplicaNumber(2)))
              .hasMessage(
                  "resource group node not enough[rg=a][currentNodeNum=1][expectedNodeNum=2]");
          assertThatThrownBy(
                  () -> town.load(role, request.clone().addResourceGroups("b").setReplicaNumber(1)))
              .hasMessageContaining(
                  "resource group num can only be 0, 1 or same as replica number");
          assertThatThrownBy(() -> town.load(role, request.clone().setResourceGroups(0, "x")))
              .hasMessage("resource group not found[rg=x]");

          town.load(role, request.clone().addResourceGroups("b").setReplicaNumber(2));
          assertThat(town.routes()).isEqualTo("7/0@1 = 3; 7/0@2 = 2");
          assertThat(describe(role, "a").getReplicasMap()).containsEntry(7L, 1);
          assertThatThrownBy(() -> drop(role, "a"))
              .hasMessageStartingWith("some replicas still loaded in resource group[a]");
          assertThatThrownBy(() -> town.load(role, request.clone().setReplicaNumber(2)))
              .hasMessage(
                  "can't change the resource groups for loaded partitions: "
                      + "invalid parameter[expected=[a b]][actual=[a]]");

          assertThatThrownBy(() -> transferReplica(role, "a", "a", 1))
              .hasMessageContaining("should not be the same, resource group: a");
          assertThatThrownBy(() -> transferReplica(role, "x", "a", 1))
              .hasMessageContaining("the source resource group[x] doesn't exist");
          assertThatThrownBy(() -> transferReplica(role, "a", DEFAULT, 2))
              .hasMessageContaining("only found [1] replicas in source resource group [a]");
          transferReplica(role, "a", DEFAULT, 1);
          town.rest();
          assertThat(town.routes()).isEqualTo("7/0@1 = 1; 7/0@2 = 2");
        });
  }

  @Test
  void aReplicaIsServedFromOutsideUntilItsGroupCanDoIt() {
    Town.simulate(
        1,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          town.comes(1);
          town.load(role, FILMS, 1);
          create(role, "a", config(0, 0));
          transferReplica(role, DEFAULT, "a", 1);
          town.rest();

          assertThat(town.routes()).isEqualTo("7/0@1 = 1");
          assertThat(describe(role, "a").getOutgoingNodesMap()).containsEntry(7L, 1);
          assertThat(describe(role, DEFAULT).getIncomingNodesMap()).containsEntry(7L, 1);
          var replica =
              role.service()
                  .listReplicas(
                      ListReplicasRequest.newBuilder().setCollectionId(FILMS.value()).build())
                  .getReplicas(0);
          assertThat(replica.getOutboundNodesMap()).containsEntry(DEFAULT, 1);

          town.comes(2);
          transferNode(role, DEFAULT, "a", 1);
          town.rest();
          assertThat(nodes(role, "a")).containsExactly(2L);
          assertThat(town.routes()).isEqualTo("7/0@1 = 2");
          assertThatThrownBy(() -> transferNode(role, "a", DEFAULT, 2))
              .hasMessage(
                  "resource group node not enough[rg=a][currentNodeNum=1][expectedNodeNum=2]");
        });
  }
}
