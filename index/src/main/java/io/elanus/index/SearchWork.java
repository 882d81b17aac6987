package io.elanus.index;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a search did, told as it goes: which ways it took, and what each cost. One search, one thread.
public final class SearchWork {
  /// How rows are found.
  public enum Way {
    /// Along the links of a graph.
    WALK,
    /// In the lists nearest to the query.
    LISTS,
    /// Among all accepted rows; after a walk, because that was given up or found too little.
    SCAN
  }

  private final Set<Way> ways = EnumSet.noneOf(Way.class);
  private long steps;
  private long met;
  private long lists;
  private long listed;
  private long scanned;
  private long refined;

  void walked(long rowsStoodOn, long rowsMet) {
    ways.add(Way.WALK);
    steps += rowsStoodOn;
    met += rowsMet;
  }

  void lookedThrough(long someLists, long rows) {
    ways.add(Way.LISTS);
    lists += someLists;
    listed += rows;
  }

  void scanned(long rows) {
    ways.add(Way.SCAN);
    scanned += rows;
  }

  void refined(long rows) {
    refined += rows;
  }

  /// In no order.
  public Set<Way> ways() {
    return Set.copyOf(ways);
  }

  /// Rows whose links a walk read.
  public long steps() {
    return steps;
  }

  /// Rows that were scored on the way, by vectors or by codes; where codes lie beside links, those that the walk stood on.
  public long met() {
    return met;
  }

  /// Lists looked through.
  public long lists() {
    return lists;
  }

  /// Rows scored in them.
  public long listed() {
    return listed;
  }

  /// Rows scored by a scan.
  public long scanned() {
    return scanned;
  }

  /// Rows found by codes that were scored anew by their vectors.
  public long refined() {
    return refined;
  }

  /// For people: `walk of 71 steps, 1,204 rows met, 32 scored anew`.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (ways.contains(Way.WALK)) {
      parts.add("walk of %,d steps, %,d rows met".formatted(steps, met));
    }
    if (ways.contains(Way.LISTS)) {
      parts.add("%,d lists of %,d rows".formatted(lists, listed));
    }
    if (refined > 0) {
      parts.add("%,d scored anew".formatted(refined));
    }
    if (ways.contains(Way.SCAN)) {
      parts.add("scan of %,d rows".formatted(scanned));
    }
    return String.join(", ", parts);
  }
}
