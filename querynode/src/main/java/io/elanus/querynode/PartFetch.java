package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.segment.file.SegmentReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Brings parts of files that are not on this disk, by ranges of their objects, into memory. A part is brought once however many
/// want it. Its bytes count as memory for data.
final class PartFetch {
  /// Large enough that the time to the first byte does not count, small enough to be brought in parallel.
  private static final int RANGE_BYTES = 8 << 20;

  private static final int PARALLEL_RANGES = 4;

  /// Of all reads together. Each takes its bytes of heap on its way.
  private static final int MAX_RANGES = 16;

  private final ObjectStore objects;
  private final FileCache files;
  private final FanOut ranges;
  private final Gate gate;

  // guarded by gate: what is on its way
  private final Set<Part> arriving = new HashSet<>();
  private int ranging;

  /// What is brought in one piece. Readers are the same only if they are the same object.
  sealed interface Part {
    SegmentReader segment();

    long fieldId();

    /// The values of a field.
    record Column(SegmentReader segment, long fieldId) implements Part {}

    /// What the index over a field begins with.
    record Head(SegmentReader segment, long fieldId) implements Part {}

    /// A list of the index over a field.
    record OneList(SegmentReader segment, long fieldId, int list) implements Part {}
  }

  PartFetch(Run run, ObjectStore objects, FileCache files) {
    this.objects = objects;
    this.files = files;
    this.ranges = new FanOut(run).atMost(PARALLEL_RANGES);
    this.gate = run.gate();
  }

  /// Waits until a part is there; one of those who want it brings it.
  ///
  /// @throws DbException `TIMEOUT`, `CANCELED`, and what `bring` throws
  void once(Part part, BooleanSupplier isHere, Deadline deadline, Runnable bring) {
    while (!isHere.getAsBoolean()) {
      boolean mine = gate.change(() -> arriving.add(part));
      if (mine) {
        bringAlone(part, isHere, bring);
      } else {
        awaitArrival(part, deadline);
      }
    }
  }

  private void bringAlone(Part part, BooleanSupplier isHere, Runnable bring) {
    try {
      if (!isHere.getAsBoolean()) {
        bring.run();
      }
    } finally {
      gate.change(() -> arriving.remove(part));
    }
  }

  private void awaitArrival(Part part, Deadline deadline) {
    if (!gate.await(() -> !arriving.contains(part), deadline)) {
      throw ErrorCode.TIMEOUT.because(
          "timeout waiting for field %d of %s",
          part.fieldId(), part.segment().entry().file().key());
    }
  }

  /// Takes memory for what `work` brings of a file. It is given back when `work` fails; else by who closes the segment.
  ///
  /// @throws DbException `SEGMENT_NOT_LOADED` when the machine has no memory outside of files, `MEMORY_LIMIT_EXCEEDED` when the
  ///     budget has none; what `work` throws
  <T> T reserving(FileRef file, long bytes, Supplier<T> work) {
    files.reservePart(file.key(), bytes);
    boolean done = false;
    try {
      T brought = work.get();
      done = true;
      return brought;
    } catch (OutOfMemoryError e) { // memory outside of the heap: the file may still be mapped
      throw new DbException(
          ErrorCode.SEGMENT_NOT_LOADED,
          "no memory for %d bytes of %s".formatted(bytes, file.key()),
          e);
    } finally {
      if (!done) {
        release(file, bytes);
      }
    }
  }

  /// As above.
  void reserving(FileRef file, long bytes, Runnable work) {
    reserving(
        file,
        bytes,
        () -> {
          work.run();
          return file;
        });
  }

  /// Gives back what [#reserving] took.
  void release(FileRef file, long bytes) {
    files.releasePart(file.key(), bytes);
  }

  /// Reads a file where it is. Throws `STORAGE_KEY_NOT_FOUND`, `STORAGE_IO_FAILED`, `TIMEOUT`, `CANCELED`.
  SegmentReader.ColumnSource source(FileRef file, Deadline deadline) {
    return (offset, target) -> {
      List<Long> starts = new ArrayList<>();
      for (long at = 0; at < target.byteSize(); at += RANGE_BYTES) {
        starts.add(at);
      }
      ranges.each(
          starts,
          deadline,
          start -> {
            int length = (int) Math.min(RANGE_BYTES, target.byteSize() - start);
            byte[] bytes = range(file.key(), offset + start, length, deadline);
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, start, length);
          });
    };
  }

  private byte[] range(ObjectKey key, long offset, int length, Deadline deadline) {
    if (!gate.await(this::takePlace, deadline)) {
      throw ErrorCode.TIMEOUT.because("timeout waiting to read a range of %s", key);
    }
    try {
      return objects.read(key, offset, length);
    } finally {
      gate.change(() -> ranging--);
    }
  }

  /// Under the gate.
  private boolean takePlace() {
    boolean free = ranging < MAX_RANGES;
    ranging += free ? 1 : 0;
    return free;
  }
}
