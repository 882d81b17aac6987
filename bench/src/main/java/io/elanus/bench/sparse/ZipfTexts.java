package io.elanus.bench.sparse;

import io.elanus.index.SparseVectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Texts of words whose frequencies follow Zipf's law, each as a sparse vector of its words' BM25 weights. Queries have
/// some of the words of one text, weighted by how rare they are. The same seed makes the same texts.
///
/// @param starts of the rows in `data`, and its end
@SuppressWarnings("ArrayRecordComponent")
record ZipfTexts(MemorySegment data, int[] starts, double[] rarity) implements SparseVectors {
  private static final double K1 = 1.2;
  private static final double B = 0.75;

  /// @param words there are
  /// @param terms of a text on average
  static ZipfTexts draw(int count, int words, int terms, Random random) {
    double[] cumulated = cumulated(words);
    List<Map<Integer, Integer>> texts = new ArrayList<>();
    int[] textsWith = new int[words];
    double length = 0;
    for (int i = 0; i < count; i++) {
      Map<Integer, Integer> text = text(cumulated, terms / 2 + random.nextInt(terms + 1), random);
      text.keySet().forEach(word -> textsWith[word]++);
      length += length(text);
      texts.add(text);
    }
    double[] rarity = new double[words];
    Arrays.setAll(rarity, w -> Math.log(1 + (count - textsWith[w] + 0.5) / (textsWith[w] + 0.5)));
    return encode(texts, length / count, rarity);
  }

  private static double[] cumulated(int words) {
    double[] cumulated = new double[words];
    double sum = 0;
    for (int i = 0; i < words; i++) {
      sum += 1.0 / (i + 1);
      cumulated[i] = sum;
    }
    return cumulated;
  }

  /// Words with how often each is there.
  private static Map<Integer, Integer> text(double[] cumulated, int terms, Random random) {
    Map<Integer, Integer> text = new TreeMap<>();
    while (text.size() < terms) {
      double drawn = random.nextDouble() * cumulated[cumulated.length - 1];
      int at = Arrays.binarySearch(cumulated, drawn);
      text.merge(at < 0 ? -1 - at : at, 1, Integer::sum);
    }
    return text;
  }

  private static int length(Map<Integer, Integer> text) {
    return text.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static ZipfTexts encode(
      List<Map<Integer, Integer>> texts, double meanLength, double[] rarity) {
    int[] starts = new int[texts.size() + 1];
    for (int i = 0; i < texts.size(); i++) {
      starts[i + 1] = starts[i] + ENTRY_BYTES * texts.get(i).size();
    }
    MemorySegment data = Arena.global().allocate(starts[texts.size()], 64);
    int at = 0;
    for (Map<Integer, Integer> text : texts) {
      double norm = K1 * (1 - B + B * length(text) / meanLength);
      for (Map.Entry<Integer, Integer> word : text.entrySet()) {
        double weight = word.getValue() * (K1 + 1) / (word.getValue() + norm);
        put(data, at, word.getKey(), (float) weight);
        at += ENTRY_BYTES;
      }
    }
    return new ZipfTexts(data, starts, rarity);
  }

  /// Some words of one text.
  byte[] query(int terms, Random random) {
    int row = random.nextInt(count());
    List<Integer> words = new ArrayList<>();
    for (int at = start(row); at < start(row) + length(row); at += ENTRY_BYTES) {
      words.add(data.get(ValueLayout.JAVA_INT, at));
    }
    while (words.size() > terms) {
      words.remove(random.nextInt(words.size()));
    }
    MemorySegment query = MemorySegment.ofArray(new byte[ENTRY_BYTES * words.size()]);
    for (int i = 0; i < words.size(); i++) {
      put(query, ENTRY_BYTES * i, words.get(i), (float) rarity[words.get(i)]);
    }
    return query.toArray(ValueLayout.JAVA_BYTE);
  }

  /// All rows, of a term and a weight each.
  List<byte[]> rows() {
    return IntStream.range(0, count())
        .mapToObj(row -> data.asSlice(start(row), length(row)).toArray(ValueLayout.JAVA_BYTE))
        .toList();
  }

  private static void put(MemorySegment data, int at, int term, float weight) {
    data.set(ValueLayout.JAVA_INT_UNALIGNED, at, term);
    data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L, weight);
  }

  @Override
  public int count() {
    return starts.length - 1;
  }

  @Override
  public int start(int row) {
    return starts[row];
  }

  @Override
  public int length(int row) {
    return starts[row + 1] - starts[row];
  }
}
