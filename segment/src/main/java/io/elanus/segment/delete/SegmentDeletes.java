package io.elanus.segment.delete;

import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Key;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.file.SegmentReader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// A segment with its deletes: which rows are gone, and since when.
///
/// Deletes are told in the order of their versions, from delete files first and from the tail then.
/// They become (row, version) pairs, from which a search derives the rows that live at its version;
/// the last such set is kept, because most searches ask for the same.
///
/// Any thread. Telling is serialized by this object's lock, in which only memory is touched;
/// reading takes no lock.
public final class SegmentDeletes {
  private final SegmentReader segment;

  /// Rows deleted at whatever version. Guarded by the lock.
  private final long[] everDeleted;

  private volatile State state;
  private volatile LiveRows lastLive;
  private volatile Unexpired lastUnexpired = new Unexpired(0, new long[0]);

  /// No delete yet above what the file was written with.
  public SegmentDeletes(SegmentReader segment) {
    this.segment = segment;
    SegmentEntry entry = segment.entry();
    this.everDeleted = RowBits.none(entry.rowCount());
    this.state = new State(new int[0], new long[0], 0, entry.appliedThrough());
    this.lastLive = new LiveRows(0, RowBits.all(entry.rowCount()), entry.rowCount());
  }

  private SegmentDeletes(SegmentReader segment, long[] everDeleted, State state) {
    this.segment = segment;
    this.everDeleted = everDeleted;
    this.state = state;
    int rows = segment.entry().rowCount();
    this.lastLive = new LiveRows(0, RowBits.all(rows), rows);
  }

  /// What is known here, for another reader of the same file.
  public synchronized SegmentDeletes over(SegmentReader other) {
    if (!other.entry().file().equals(segment.entry().file())) {
      throw new IllegalArgumentException(
          "%s is not %s".formatted(other.entry().file(), segment.entry().file()));
    }
    State now = state;
    int[] rows = Arrays.copyOf(now.rows(), now.count());
    long[] versions = Arrays.copyOf(now.versions(), now.count());
    return new SegmentDeletes(
        other, everDeleted.clone(), new State(rows, versions, now.count(), now.through()));
  }

  /// The first `count` pairs are never changed, those behind them are nobody's yet.
  ///
  /// @param versions ascending
  /// @param through deletes up to this version are in it
  private record State(int[] rows, long[] versions, int count, long through) {
    /// How many pairs have a version at or below `version`.
    int countThrough(long version) {
      int found = Arrays.binarySearch(versions, 0, count, version);
      int end = found < 0 ? -found - 1 : found;
      while (end < count && versions[end] == version) {
        end++;
      }
      return end;
    }
  }

  /// The rows of the segment that live after the first `pairs` deletions.
  ///
  /// @param words as in [RowBits]; shared, so not to be changed
  private record LiveRows(int pairs, long[] words, int count) {}

  /// The rows of the segment above a version.
  private record Unexpired(long through, long[] words) {}

  public SegmentReader segment() {
    return segment;
  }

  /// Every delete of the shard up to this version is known here.
  public long through() {
    return state.through();
  }

  /// Tells all deletes of the shard with versions above [#through] and at most `newThrough`. Others
  /// in `deletes` are passed over. Does nothing when `newThrough` is not above [#through].
  public synchronized void advance(List<Deletes> deletes, long newThrough) {
    State before = state;
    if (newThrough <= before.through()) {
      return;
    }
    Growing pairs = new Growing(before);
    deletes.stream()
        .filter(d -> d.version() > before.through() && d.version() <= newThrough)
        .filter(d -> d.touches(segment.entry().partition()))
        .sorted(Comparator.comparingLong(Deletes::version))
        .forEach(d -> delete(d, pairs));
    state = pairs.toState(newThrough);
  }

  /// The rows that live at `version`; not to be changed.
  ///
  /// @param expiredThrough rows up to this version do not, whoever deleted them
  /// @throws IllegalStateException when deletes up to `version` are not known yet
  public long[] live(long version, long expiredThrough) {
    long[] words = live(version);
    if (expiredThrough < segment.entry().minVersion()) {
      return words;
    }
    if (expiredThrough >= segment.entry().maxVersion()) {
      return RowBits.none(segment.entry().rowCount());
    }
    return withoutExpired(words, expiredThrough);
  }

  /// The next read most likely asks for the same.
  private long[] withoutExpired(long[] words, long expiredThrough) {
    Unexpired last = lastUnexpired;
    if (last.through() != expiredThrough) {
      last = new Unexpired(expiredThrough, rowsAfter(expiredThrough));
      lastUnexpired = last;
    }
    long[] left = words.clone();
    RowBits.retain(left, last.words());
    return left;
  }

  private long[] rowsAfter(long version) {
    int rows = segment.entry().rowCount();
    long[] after = RowBits.none(rows);
    Longs versions = segment.versions();
    for (int row = 0; row < rows; row++) {
      if (versions.get(row) > version) {
        RowBits.add(after, row);
      }
    }
    return after;
  }

  /// The rows that live at `version`; not to be changed.
  ///
  /// @throws IllegalStateException when deletes up to `version` are not known yet
  public long[] live(long version) {
    State now = state;
    if (version > now.through()) {
      throw new IllegalStateException(
          "segment %s knows deletes through %d, asked for %d"
              .formatted(segment.entry().id(), now.through(), version));
    }
    long[] words = liveAfter(now, now.countThrough(version)).words();
    return version >= segment.entry().maxVersion() ? words : withoutLater(words, version);
  }

  /// The rows that no delete told so far removes, at whatever version; a copy.
  public synchronized long[] neverDeleted() {
    long[] words = RowBits.all(segment.entry().rowCount());
    for (int i = 0; i < words.length; i++) {
      words[i] &= ~everDeleted[i];
    }
    return words;
  }

  private void delete(Deletes deletes, Growing pairs) {
    deletes
        .keys()
        .ifPresentOrElse(
            keys -> delete(deletes, keys, pairs),
            () -> delete(deletes, 0, segment.entry().rowCount(), pairs));
  }

  private void delete(Deletes deletes, KeyColumn deleted, Growing pairs) {
    KeyView keys = segment.keys();
    for (int i = 0; i < deleted.rowCount(); i++) {
      Key key = deleted.key(i);
      delete(deletes, keys.lowerBound(key), keys.upperBound(key), pairs);
    }
  }

  private void delete(Deletes deletes, int from, int to, Growing pairs) {
    Longs versions = segment.versions();
    for (int row = from; row < to; row++) {
      if (deletes.removes(versions.get(row)) && !RowBits.contains(everDeleted, row)) {
        RowBits.add(everDeleted, row);
        pairs.add(row, deletes.version());
      }
    }
  }

  private LiveRows liveAfter(State now, int pairs) {
    LiveRows last = lastLive;
    if (last.pairs() == pairs) {
      return last;
    }
    boolean forward = last.pairs() < pairs;
    long[] words = forward ? last.words().clone() : RowBits.all(segment.entry().rowCount());
    int from = forward ? last.pairs() : 0;
    for (int i = from; i < pairs; i++) {
      RowBits.remove(words, now.rows()[i]);
    }
    LiveRows live = new LiveRows(pairs, words, segment.entry().rowCount() - pairs);
    if (forward) {
      lastLive = live;
    }
    return live;
  }

  private long[] withoutLater(long[] words, long version) {
    long[] visible = words.clone();
    Longs versions = segment.versions();
    for (int row = 0; row < segment.entry().rowCount(); row++) {
      if (versions.get(row) > version) {
        RowBits.remove(visible, row);
      }
    }
    return visible;
  }

  /// Pairs being added behind those of a state. Arrays that are full are copied.
  private static final class Growing {
    private int[] rows;
    private long[] versions;
    private int count;

    Growing(State state) {
      rows = state.rows();
      versions = state.versions();
      count = state.count();
    }

    void add(int row, long version) {
      if (count == rows.length) {
        int capacity = Math.max(16, 2 * count);
        rows = Arrays.copyOf(rows, capacity);
        versions = Arrays.copyOf(versions, capacity);
      }
      rows[count] = row;
      versions[count++] = version;
    }

    State toState(long through) {
      return new State(rows, versions, count, through);
    }
  }
}
