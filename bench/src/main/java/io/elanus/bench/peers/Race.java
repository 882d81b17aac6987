package io.elanus.bench.peers;

import io.elanus.bench.vectors.DataSet;
import java.util.ArrayList;
import java.util.List;

/// Contenders that search in turns: in each round, at each effort, all one after the other, so that what disturbs the
/// machine for some seconds disturbs all of them. Every other round has them in the opposite order.
///
/// - `efs`, `probes`: efforts of graphs and of lists, rising.
record Race(DataSet data, List<Integer> efs, List<Integer> probes, int rounds) {
  Race {
    efs = efs.stream().sorted().toList();
    probes = probes.stream().sorted().toList();
  }

  /// Builds one after the other, judges what is found, and takes the time.
  List<Result> run(List<Contender> contenders) {
    List<Entry> entries = contenders.stream().map(this::enter).toList();
    List<Turn> turns = turns(entries);
    for (int round = 1; round <= rounds; round++) {
      for (Turn turn : round % 2 == 0 ? turns.reversed() : turns) {
        turn.take();
      }
      System.err.printf("round %d of %d%n", round, rounds);
    }
    return entries.stream().map(entry -> entry.result(data.queries().rows())).toList();
  }

  /// Searches at every effort once, which also warms it up.
  private Entry enter(Contender contender) {
    Contender.Duration build = contender.build();
    ProcessMemory memory = contender.memory();
    System.err.printf("%s: built in %.1f s of CPU%n", contender.name(), build.cpu());
    List<Turn> turns =
        (contender.name().hasLists() ? probes : efs)
            .stream()
                .map(effort -> new Turn(contender, effort, recall(contender, effort)))
                .toList();
    return new Entry(contender, build, memory, turns);
  }

  private double recall(Contender contender, int effort) {
    return data.recall(contender.find(effort), Shape.K);
  }

  /// Of one round: effort by effort, the turns of all.
  private List<Turn> turns(List<Entry> entries) {
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < Math.max(efs.size(), probes.size()); i++) {
      for (Entry entry : entries) {
        entry.turns.stream().skip(i).limit(1).forEach(turns::add);
      }
    }
    return turns;
  }

  /// A contender that has built its index.
  private record Entry(
      Contender contender, Contender.Duration build, ProcessMemory memory, List<Turn> turns) {
    Result result(int queries) {
      List<Result.Effort> efforts =
          turns.stream()
              .map(turn -> new Result.Effort(turn.effort, turn.recall, queries, turn.rounds))
              .toList();
      return new Result(contender.name(), contender.versions(), build, memory, efforts);
    }
  }

  /// A contender at one effort, and what it took in the rounds so far.
  private record Turn(
      Contender contender, int effort, double recall, List<Contender.Duration> rounds) {
    Turn(Contender contender, int effort, double recall) {
      this(contender, effort, recall, new ArrayList<>());
    }

    void take() {
      rounds.add(contender.time(effort));
    }
  }
}
