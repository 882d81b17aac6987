package io.elanus.bench.peers;

import io.elanus.bench.vectors.DataSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    Map<Contender, Contender.Duration> builds = new LinkedHashMap<>();
    Map<Contender, ProcessMemory> memories = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      Contender.Duration build = contender.build();
      System.err.printf("%s: built in %.1f s of CPU%n", contender.name(), build.cpu());
      builds.put(contender, build);
      memories.put(contender, contender.memory());
    }
    Map<Turn, Double> recalls = new LinkedHashMap<>();
    Map<Turn, List<Contender.Duration>> durations = new LinkedHashMap<>();
    List<Turn> turns = turns(contenders);
    for (Turn turn : turns) {
      recalls.put(turn, data.recall(turn.contender.find(turn.effort), Shape.K));
      durations.put(turn, new ArrayList<>());
    }
    for (int round = 0; round < rounds; round++) {
      for (Turn turn : round % 2 == 0 ? turns : turns.reversed()) {
        durations.get(turn).add(turn.contender.time(turn.effort));
      }
      System.err.printf("round %d of %d%n", round + 1, rounds);
    }
    return contenders.stream()
        .map(contender ->
            new Result(
                contender.name(),
                contender.versions(),
                builds.get(contender),
                memories.get(contender),
                turns.stream()
                    .filter(turn -> turn.contender == contender)
                    .map(turn ->
                        new Result.Effort(
                            turn.effort,
                            recalls.get(turn),
                            data.queries().rows(),
                            durations.get(turn)))
                    .toList()))
        .toList();
  }

  /// Of one round.
  private List<Turn> turns(List<Contender> contenders) {
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < Math.max(efs.size(), probes.size()); i++) {
      for (Contender contender : contenders) {
        List<Integer> efforts = contender.name().hasLists() ? probes : efs;
        if (i < efforts.size()) {
          turns.add(new Turn(contender, efforts.get(i)));
        }
      }
    }
    return turns;
  }

  private record Turn(Contender contender, int effort) {}
}
