package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.NodeId;
import io.elanus.common.wal.LogId;
import io.elanus.datacoord.DataState.Owner;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LogPlacementTest {
  private final TreeMap<LogId, Owner> owners = new TreeMap<>();
  private final Set<NodeId> staying = new TreeSet<>();
  private final Set<NodeId> leaving = new TreeSet<>();

  private LogPlacementTest nodes(int... ids) {
    for (int id : ids) {
      staying.add(new NodeId(id));
    }
    return this;
  }

  private LogPlacementTest leaving(int... ids) {
    for (int id : ids) {
      leaving.add(new NodeId(id));
    }
    return this;
  }

  private LogPlacementTest owned(int log, int node, int epoch) {
    owners.put(new LogId(log), new Owner(new NodeId(node), epoch));
    return this;
  }

  /// What is done at once, for logs nobody owns that lives.
  private String takeOver(int logs) {
    Set<NodeId> kept = new TreeSet<>(staying);
    kept.addAll(leaving);
    List<DataChange> changes = LogPlacement.takeOver(owners, logs, staying, kept);
    DataState after = DataState.of(owners).apply(changes);
    assertThat(LogPlacement.takeOver(after.owners(), logs, staying, kept)).isEmpty();
    return changes.stream()
        .map(DataChange.PutOwner.class::cast)
        .map(put -> "%s -> %s @%d".formatted(put.log(), put.owner().node(), put.owner().epoch()))
        .collect(Collectors.joining("; "));
  }

  private String leave() {
    return LogPlacement.leave(owners, staying, leaving).stream()
        .map(LogPlacementTest::describe)
        .collect(Collectors.joining("; "));
  }

  /// Every move for balance, each planned after the one before was made.
  private String balance() {
    StringBuilder moves = new StringBuilder();
    for (Optional<LogPlacement.Move> move = LogPlacement.balance(owners, staying);
        move.isPresent();
        move = LogPlacement.balance(owners, staying)) {
      LogPlacement.Move made = move.get();
      owners.put(made.log(), new Owner(made.to(), made.epoch() + 1));
      moves.append(moves.isEmpty() ? "" : "; ").append(describe(made));
    }
    return moves.toString();
  }

  private static String describe(LogPlacement.Move move) {
    return "%s: %s @%d -> %s".formatted(move.log(), move.from(), move.epoch(), move.to());
  }

  @Test
  void givesEveryLogAnOwner() {
    assertThat(nodes(5).takeOver(3)).isEqualTo("0 -> 5 @1; 1 -> 5 @1; 2 -> 5 @1");
  }

  @Test
  void spreadsOverTheNodes() {
    assertThat(nodes(5, 6).takeOver(4)).isEqualTo("0 -> 5 @1; 1 -> 6 @1; 2 -> 5 @1; 3 -> 6 @1");
  }

  @Test
  void keepsOwnersThatLive() {
    assertThat(nodes(5, 6).owned(0, 5, 3).owned(1, 6, 1).owned(2, 5, 9).takeOver(3)).isEmpty();
    assertThat(balance()).isEmpty();
  }

  @Test
  void replacesDeadOwnersUnderTheNextEpoch() {
    assertThat(nodes(5, 6).owned(0, 5, 3).owned(1, 9, 7).takeOver(3))
        .isEqualTo("1 -> 6 @8; 2 -> 5 @1");
  }

  @Test
  void aNodeThatLeavesKeepsItsLogsUntilTheyAreHandedOverAndIsGivenNone() {
    nodes(5, 6).leaving(7).owned(0, 7, 3).owned(1, 5, 2).owned(2, 7, 1);

    assertThat(takeOver(4)).isEqualTo("3 -> 6 @1");
    assertThat(leave()).isEqualTo("0: 7 @3 -> 6; 2: 7 @1 -> 5");
    assertThat(balance()).isEmpty();
  }

  @Test
  void theLastNodeToLeaveKeepsItsLogs() {
    leaving(7).owned(0, 7, 3);

    assertThat(leave()).isEmpty();
    assertThat(takeOver(2)).isEmpty();
  }

  @Test
  void movesLogsToANewNodeOneByOneUntilTheyDifferByOneAtMost() {
    nodes(5, 6).owned(0, 5, 1).owned(1, 5, 1).owned(2, 5, 1).owned(3, 5, 1).owned(4, 5, 1);

    assertThat(takeOver(5)).isEmpty();
    assertThat(balance()).isEqualTo("4: 5 @1 -> 6; 3: 5 @1 -> 6");
  }

  @Test
  void aNodeThatDiesAndComesBackUnderAnotherIdGetsItsLogsAndNoOthersMove() {
    nodes(5, 6, 7);
    for (int log = 0; log < 9; log++) {
      owned(log, 5 + log % 3, 1);
    }
    staying.remove(new NodeId(7));
    nodes(8);

    assertThat(takeOver(9)).isEqualTo("2 -> 8 @2; 5 -> 8 @2; 8 -> 8 @2");
  }

  @Test
  void leavesEverythingWithoutNodes() {
    assertThat(owned(0, 5, 3).takeOver(4)).isEmpty();
    assertThat(balance()).isEmpty();
  }
}
