package io.elanus.bench.peers;

import java.util.Locale;

/// What takes part: `hnswlib`, or `hnswlib@huge` for the same on other pages.
///
/// - `index`: one of [OurIndex], or a name that `bench/peers/peer.py` knows.
record ContenderName(String index, Pages pages) {
  /// Throws IllegalArgumentException where there are no such pages.
  static ContenderName parse(String text) {
    String[] parts = text.split("@", 2);
    Pages pages =
        parts.length == 1 ? Pages.PLAIN : Pages.valueOf(parts[1].toUpperCase(Locale.ROOT));
    return new ContenderName(parts[0], pages);
  }

  /// Whether effort is a number of lists, instead of ef.
  boolean hasLists() {
    return index.contains("ivf");
  }

  @Override
  public String toString() {
    return pages == Pages.PLAIN ? index : index + "@" + pages.text();
  }
}
