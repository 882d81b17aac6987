package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.NodeId;
import io.elanus.common.wal.LogId;
import io.elanus.datacoord.DataState.Owner;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LogPlacementTest {
  private final TreeMap<LogId, Owner> owners = new TreeMap<>();
  private final Set<NodeId> nodes = new TreeSet<>();

  private LogPlacementTest nodes(int... ids) {
    for (int id : ids) {
      nodes.add(new NodeId(id));
    }
    return this;
  }

  private LogPlacementTest owned(int log, int node, int epoch) {
    owners.put(new LogId(log), new Owner(new NodeId(node), epoch));
    return this;
  }

  private String plan(int logs) {
    List<DataChange> moves = LogPlacement.plan(owners, logs, nodes);
    DataState after = new DataState(owners, new TreeMap<>()).apply(moves);
    assertThat(LogPlacement.plan(after.owners(), logs, nodes)).isEmpty();
    return moves.stream()
        .map(DataChange.PutOwner.class::cast)
        .map(put -> "%s -> %s @%d".formatted(put.log(), put.owner().node(), put.owner().epoch()))
        .collect(Collectors.joining("; "));
  }

  @Test
  void givesEveryLogAnOwner() {
    assertThat(nodes(5).plan(3)).isEqualTo("0 -> 5 @1; 1 -> 5 @1; 2 -> 5 @1");
  }

  @Test
  void spreadsOverTheNodes() {
    assertThat(nodes(5, 6).plan(4)).isEqualTo("0 -> 5 @1; 1 -> 6 @1; 2 -> 5 @1; 3 -> 6 @1");
  }

  @Test
  void keepsOwnersThatLive() {
    assertThat(nodes(5, 6).owned(0, 5, 3).owned(1, 6, 1).owned(2, 5, 9).plan(3)).isEmpty();
  }

  @Test
  void replacesDeadOwnersUnderTheNextEpoch() {
    assertThat(nodes(5, 6).owned(0, 5, 3).owned(1, 9, 7).plan(3)).isEqualTo("1 -> 6 @8; 2 -> 5 @1");
  }

  @Test
  void movesLogsToANewNodeUntilTheyDifferByOneAtMost() {
    assertThat(
            nodes(5, 6)
                .owned(0, 5, 1)
                .owned(1, 5, 1)
                .owned(2, 5, 1)
                .owned(3, 5, 1)
                .owned(4, 5, 1)
                .plan(5))
        .isEqualTo("3 -> 6 @2; 4 -> 6 @2");
  }

  @Test
  void leavesEverythingWithoutNodes() {
    assertThat(owned(0, 5, 3).plan(4)).isEmpty();
  }
}
