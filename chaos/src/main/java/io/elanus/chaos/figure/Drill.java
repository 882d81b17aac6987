package io.elanus.chaos.figure;

import io.elanus.chaos.fault.Nemesis;
import io.elanus.chaos.system.Topology;
import io.elanus.chaos.workload.Scene;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/// A figure in which one thing goes wrong while everything is under load: searches with known answers at three
/// levels and the SDK's own retries, writes, statements about the catalog.
///
/// @param name `R9`
/// @param says what is done and what is demanded
/// @param topology what the cluster needs beside what was asked for
/// @param replicas of the collection
/// @param ballastBytes what is loaded beside it
/// @param harm does it and undoes it
/// @param demands on what clients saw from the beginning of the harm to some seconds after its end
record Drill(
    String name,
    List<String> says,
    UnaryOperator<Topology> topology,
    int replicas,
    long ballastBytes,
    Harm harm,
    List<Demand> demands) {

  /// With a light collection only.
  Drill(
      String name,
      List<String> says,
      UnaryOperator<Topology> topology,
      int replicas,
      Harm harm,
      List<Demand> demands) {
    this(name, says, topology, replicas, 0, harm, demands);
  }

  /// The same beside heavier data.
  Drill withBallast(long bytes) {
    return new Drill(name, says, t -> topology.apply(t).heavy(), replicas, bytes, harm, demands);
  }

  /// @param nemesis to do harm through, so that it is noted
  record Situation(Site site, Nemesis nemesis, Scene scene, Random random) {}

  interface Harm {
    /// Returns when everything has been put right again.
    Told on(Situation situation);
  }

  /// @param story what was done to whom
  /// @param measures see [Result]
  /// @param violations beyond what the demands and the checkers find
  record Told(String story, Map<String, Double> measures, List<String> violations) {
    static Told of(String story) {
      return new Told(story, Map.of(), List.of());
    }
  }
}
