package io.elanus.standalone.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.standalone.cluster.ClusterPlan.Metastore;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterPlanTest {
  @Test
  void coordinatorsShareAProcessOrHaveTheirOwn() {
    assertThat(plan(ClusterPlan.twoOfEach(false)).startOrder())
        .containsExactly(
            "rootcoord,querycoord,datacoord", "datanode", "querynode", "indexnode", "proxy");
    assertThat(plan(ClusterPlan.twoOfEach(true)).startOrder())
        .containsExactlyInAnyOrder(
            "rootcoord", "querycoord", "datacoord", "datanode", "querynode", "indexnode", "proxy")
        .endsWith("datanode", "querynode", "indexnode", "proxy");
  }

  @Test
  void aRoleNamesTheGroupItIsIn() {
    ClusterPlan together = plan(ClusterPlan.twoOfEach(false));

    assertThat(together.group("querycoord")).isEqualTo("rootcoord,querycoord,datacoord");
    assertThat(together.group("querynode")).isEqualTo("querynode");
    assertThat(ClusterPlan.shortName(together.group("rootcoord"))).isEqualTo("coord");
    assertThatThrownBy(() -> together.group("quernode"))
        .hasMessageContaining("there is no 'quernode' here")
        .hasMessageContaining("querynode");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> plan(Map.of("proxy", -1)))
        .hasMessageContaining("-1 processes of proxy");
    assertThatThrownBy(() ->
            new ClusterPlan(Path.of("x"), Metastore.ETCD, 2, Map.of(), 0, 256, false, Map.of()))
        .hasMessageContaining("2 kafka brokers");
  }

  private static ClusterPlan plan(Map<String, Integer> counts) {
    return new ClusterPlan(Path.of("x"), Metastore.MARIADB, 1, counts, 0, 256, false, Map.of());
  }
}
