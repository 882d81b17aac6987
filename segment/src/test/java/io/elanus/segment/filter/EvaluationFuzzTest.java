package io.elanus.segment.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.FilterParser;
import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.Samples;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.RowBlock;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.tail.Tail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A filter over the same rows in a tail and in a segment: the same rows of both, and those that `not` leaves are
/// others.
public final class EvaluationFuzzTest {
  private static final CollectionSchema SCHEMA = Samples.schema(DataType.INT64, 1);
  private static final List<RowBlock> BLOCKS = blocks();

  private static List<RowBlock> blocks() {
    RowBatch rows =
        Samples.rows(SCHEMA, Samples.keys(SCHEMA, IntStream.range(0, 70).toArray()), new Random(3));
    Tail tail = new Tail(SCHEMA, Checkpoint.start(Samples.position(0)));
    tail.apply(Samples.position(1), Samples.insert(Samples.header(1, 1), rows), 1);
    try {
      Path file = Files.createTempFile("fuzz", ".parquet");
      SegmentEntry entry = Samples.write(file, Samples.segmentRows(SCHEMA, rows));
      SegmentReader segment = SegmentReader.open(file, entry, SCHEMA);
      Files.delete(file);
      return List.of(tail.view().blocks().getFirst(), segment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<byte[]> seeds() {
    return Stream.of(
            "id in [1, 2, 3] and ratio > 2.5e0 or not (flag == true)",
            "1 < count <= 0x1f && name like \"a%\" || name in ['abc', \"grün\"]",
            "$meta[\"tags\"][0] == 1 and exists $meta[\"deep\"][\"n\"]",
            "color == \"red\" or n > 2.5",
            "count % 3 == 1 and (count + id * 2 - 1) / 4 >= -9223372036854775808",
            "tags == [1, \"two\", true] or n in [0.5, 3, \"text\"]",
            "name not in [\"\"] and id not in [1] and count ** 2 > 10",
            "name like \"%b\\\\_c\" or name == \"\\uD83D\\uDE00 smile\"",
            "ratio == 3 and ratio < id")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Fuzzing.judge(
        input, Fuzzing.CLIENT, () -> evaluate(FilterParser.parse(text, SCHEMA, Map.of())));
  }

  private static void evaluate(Expr filter) {
    List<long[]> matching = BLOCKS.stream().map(block -> matching(filter, block)).toList();
    assertThat(matching.get(1)).as("%s", filter).isEqualTo(matching.get(0));
    long[] others = matching(new Expr.Not(filter), BLOCKS.getFirst());
    RowBits.retain(others, matching.getFirst());
    assertThat(others).as("%s", filter).containsOnly(0);
  }

  private static long[] matching(Expr filter, RowBlock block) {
    return FilterEvaluator.matching(filter, block, RowBits.all(block.rowCount()));
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("evaluation", seeds(), EvaluationFuzzTest::fuzzerTestOneInput);
  }
}
