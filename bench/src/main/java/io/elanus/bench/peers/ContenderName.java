package io.elanus.bench.peers;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What takes part: `hnswlib`, or `hnswlib@huge` for the same on other pages, or `hnsw@java` for ours without kernels in C.
///
/// - `index`: one of [OurIndex], or a name that `bench/peers/peer.py` knows.
record ContenderName(String index, Pages pages, boolean javaOnly) {
  private static final String JAVA = "java";

  /// Throws IllegalArgumentException where there are no such pages.
  static ContenderName parse(String text) {
    String[] parts = text.split("@", -1);
    Pages pages = Pages.PLAIN;
    boolean javaOnly = false;
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].equals(JAVA)) {
        javaOnly = true;
      } else {
        pages = Pages.valueOf(parts[i].toUpperCase(Locale.ROOT));
      }
    }
    return new ContenderName(parts[0], pages, javaOnly);
  }

  /// Whether effort is a number of lists, instead of ef.
  boolean hasLists() {
    return index.contains("ivf");
  }

  /// Of the process.
  Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>(pages.environment());
    if (javaOnly) {
      environment.put("ELANUS_NATIVE", "off");
    }
    return environment;
  }

  @Override
  public String toString() {
    return index + (javaOnly ? "@" + JAVA : "") + (pages == Pages.PLAIN ? "" : "@" + pages.text());
  }
}
