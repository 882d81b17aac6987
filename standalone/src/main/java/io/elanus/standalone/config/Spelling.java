package io.elanus.standalone.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What somebody meant who wrote a name that there is not.
final class Spelling {
  /// Nearer than half of the name, or it is a guess.
  private static final double FAR = 0.5;

  private Spelling() {}

  static Optional<String> nearest(String written, List<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(written, name)))
        .filter(name -> distance(written, name) < FAR * written.length());
  }

  /// Letters to insert, drop or replace (Levenshtein, 1966); capitals do not count.
  private static int distance(String from, String to) {
    String a = from.toLowerCase(Locale.ROOT);
    String b = to.toLowerCase(Locale.ROOT);
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
