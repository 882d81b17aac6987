package io.elanus.bench.sparse;

import io.elanus.bench.measure.Median;
import io.elanus.index.Neighbors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Other libraries' indexes over the same texts; none when there is no Python for them.
final class SparsePeers implements AutoCloseable {
  private final List<SparsePeer> peers = new ArrayList<>();
  private final Path folder;

  private SparsePeers(Path folder) {
    this.folder = folder;
  }

  /// What a peer needs with the least effort that finds enough.
  ///
  /// @param micros infinite when no effort finds enough
  /// @param recall of that effort, or the highest there was
  record Best(String peer, double micros, String setting, double recall) {
    String against(double ours) {
      return micros < Double.POSITIVE_INFINITY
          ? "%s %6.1f us at %s, recall %.3f: %.2f times ours"
              .formatted(peer, micros, setting, recall, micros / ours)
          : "%s does not find enough: recall %.3f at the most".formatted(peer, recall);
    }
  }

  /// @param python empty for no peers
  static SparsePeers start(String python, ZipfTexts rows) throws IOException {
    SparsePeers peers = new SparsePeers(Files.createTempDirectory("elanus-sparse"));
    boolean started = false;
    try {
      if (!python.isEmpty()) {
        RowFiles.write(peers.folder.resolve("base"), rows.rows());
        for (String name : SparsePeer.ALL) {
          SparsePeer peer = SparsePeer.start(python, name, peers.folder);
          peers.peers.add(peer);
          System.out.printf("%s: %s%n", name, peer.versions());
        }
      }
      started = true;
      return peers;
    } finally {
      if (!started) {
        peers.close();
      }
    }
  }

  /// @param rounds of each effort; the median counts
  List<Best> search(
      List<byte[]> queries, int k, List<Neighbors> truth, int rounds, double wantedRecall)
      throws IOException {
    Path prefix = folder.resolve("queries");
    RowFiles.write(prefix, queries);
    peers.forEach(peer -> peer.take(prefix));
    return peers.stream().map(peer -> best(peer, k, truth, rounds, wantedRecall)).toList();
  }

  private static Best best(
      SparsePeer peer, int k, List<Neighbors> truth, int rounds, double wantedRecall) {
    List<String> settings = peer.settings();
    Best best = new Best(peer.name(), Double.POSITIVE_INFINITY, "", 0);
    for (int setting = 0; setting < settings.size(); setting++) {
      double recall = recall(truth, peer.find(setting, k));
      double micros =
          recall < wantedRecall ? Double.POSITIVE_INFINITY : median(peer, setting, k, rounds);
      boolean better = micros < best.micros || (best.setting.isEmpty() && recall > best.recall);
      if (better) {
        String enough = recall < wantedRecall ? "" : settings.get(setting);
        best = new Best(peer.name(), micros, enough, recall);
      }
    }
    return best;
  }

  private static double median(SparsePeer peer, int setting, int k, int rounds) {
    double[] micros = new double[rounds];
    Arrays.setAll(micros, _ -> peer.micros(setting, k));
    return Median.of(micros);
  }

  private static double recall(List<Neighbors> truth, List<int[]> found) {
    double sum = 0;
    for (int i = 0; i < truth.size(); i++) {
      int[] right = truth.get(i).ordinals();
      sum += (double) common(right, found.get(i)) / Math.max(1, right.length);
    }
    return sum / truth.size();
  }

  /// How many of `found` are right.
  static long common(int[] right, int[] found) {
    return Arrays.stream(found).filter(row -> Arrays.stream(right).anyMatch(r -> r == row)).count();
  }

  @Override
  public void close() throws IOException {
    peers.forEach(SparsePeer::close);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
