package io.elanus.segment.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand;
import io.elanus.common.expr.Operand.Arithmetic;
import io.elanus.common.expr.Operand.ArithmeticOp;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.expr.Operand.JsonPath;
import io.elanus.common.expr.Operand.Step;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.EveryType;
import io.elanus.segment.Samples;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.RowBlock;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.tail.Tail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Seven rows with keys 0 to 6, once in a tail and once in a segment.
final class FilterEvaluatorTest {
  private static final CollectionSchema SCHEMA = Samples.schema(DataType.INT64, 1);
  private static final long BIG = (1L << 53) + 1;
  private static final FieldRef KEY = new FieldRef(Samples.KEY, DataType.INT64);
  private static final FieldRef FLAG = new FieldRef(Samples.FLAG, DataType.BOOL);
  private static final FieldRef COUNT = new FieldRef(Samples.COUNT, DataType.INT64);
  private static final FieldRef RATIO = new FieldRef(Samples.RATIO, DataType.DOUBLE);
  private static final FieldRef NAME = new FieldRef(Samples.NAME, DataType.VARCHAR);
  private static final JsonPath N = path(new Step.Key("n"));

  private static final boolean[] FLAGS = {true, false, true, false, true, false, true};
  private static final long[] COUNTS = {-3, 0, 3, BIG, Long.MAX_VALUE, Long.MIN_VALUE, 7};
  private static final double[] RATIOS = {-0.5, 0, 2.5, 0x1p53, 1e300, -0x1p63, 7};
  private static final String[] NAMES = {"", "a", "ab", "b", "\uD83D\uDE00", "\uFFFD", "ab%"};
  private static final String[] METAS = {
    "{}",
    "{\"n\": 3}",
    "{\"n\": 3.0, \"deep\": {\"n\": [1, {\"x\": true}]}}",
    "{\"n\": \"3\", \"tags\": [1, \"two\"]}",
    "{\"n\": null, \"tags\": [1.0, \"two\"]}",
    "{\"n\": true, \"n\": 3}",
    "{\"a\": {\"n\": 9}, \"n\": 9007199254740993}"
  };

  @TempDir private Path folder;
  private final List<RowBlock> blocks = new ArrayList<>();
  private SegmentReader segment;

  private static JsonPath path(Step... steps) {
    return new JsonPath(Samples.META, List.of(steps));
  }

  FilterEvaluatorTest() {}

  @BeforeEach
  void open() {
    Map<Long, Column> columns = new TreeMap<>();
    columns.put(Samples.KEY, new Int64Column(new long[] {0, 1, 2, 3, 4, 5, 6}));
    columns.put(Samples.FLAG, new BoolColumn(FLAGS));
    columns.put(Samples.COUNT, new Int64Column(COUNTS));
    columns.put(Samples.RATIO, new DoubleColumn(RATIOS));
    columns.put(Samples.NAME, new VarCharColumn(NAMES));
    columns.put(Samples.VECTOR, new FloatVectorColumn(new float[7], 1));
    byte[][] metas =
        Stream.of(METAS).map(m -> m.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    columns.put(Samples.META, new BytesColumn(metas));
    RowBatch rows = new RowBatch(7, new TreeMap<>(columns));
    Tail tail = new Tail(SCHEMA, Checkpoint.start(Samples.position(0)));
    tail.apply(Samples.position(1), Samples.insert(Samples.header(1, 1), rows), 1);
    blocks.add(tail.view().blocks().getFirst());
    Path file = folder.resolve("segment");
    segment =
        SegmentReader.open(file, Samples.write(file, Samples.segmentRows(SCHEMA, rows)), SCHEMA);
    blocks.add(segment);
  }

  @AfterEach
  void close() {
    segment.close();
  }

  private void assertRows(Expr filter, int... expected) {
    for (RowBlock block : blocks) {
      assertThat(RowBits.toArray(FilterEvaluator.matching(filter, block, RowBits.all(7))))
          .as("%s over %s", filter, block)
          .isEqualTo(expected);
      long[] even = RowBits.none(7);
      IntStream.of(0, 2, 4, 6).forEach(row -> RowBits.add(even, row));
      assertThat(RowBits.toArray(FilterEvaluator.matching(filter, block, even)))
          .isEqualTo(IntStream.of(expected).filter(row -> row % 2 == 0).toArray());
    }
  }

  private static Expr compare(Operand left, Comparison comparison, Literal right) {
    return new Expr.Compare(left, comparison, right);
  }

  private static Expr equal(Operand left, Literal right) {
    return compare(left, Comparison.EQUAL, right);
  }

  private static Expr not(Expr expr) {
    return new Expr.Not(expr);
  }

  private static Literal of(long value) {
    return new IntLiteral(value);
  }

  private static Literal of(double value) {
    return new FloatLiteral(value);
  }

  private static Literal of(String value) {
    return new TextLiteral(value);
  }

  @Test
  void whatHasNoValueIsNeitherThisNorThat() {
    CollectionSchema schema = EveryType.SCHEMA;
    RowBatch rows = EveryType.rows(300, new Random(9));
    Tail tail = new Tail(schema, Checkpoint.start(Samples.position(0)));
    tail.apply(Samples.position(1), Samples.insert(Samples.header(1, 1), rows), 1);
    RowBlock block = tail.view().blocks().getFirst();
    for (String name : List.of("int8", "int16", "int32", "int64", "float", "double")) {
      Field field = schema.requireField(name + "_or_null");
      FieldRef ref = new FieldRef(field.id(), field.type());
      for (Comparison comparison : Comparison.values()) {
        Expr filter = compare(ref, comparison, new IntLiteral(1));
        assertNullsDecide(block, rows, field, filter, new Expr.Exists(ref));
      }
      Expr in = new Expr.In(ref, List.of(new IntLiteral(1), new IntLiteral(-1)));
      assertNullsDecide(block, rows, field, in, new Expr.Exists(ref));
    }
  }

  /// Every row is true, false or without a value, and agrees with the field's twin among values alone.
  private static void assertNullsDecide(
      RowBlock block, RowBatch rows, Field field, Expr filter, Expr exists) {
    NullableColumn column = (NullableColumn) rows.column(field);
    long[] all = RowBits.all(block.rowCount());
    long[] yes = FilterEvaluator.matching(filter, block, all);
    long[] no = FilterEvaluator.matching(new Expr.Not(filter), block, all);
    long[] there = FilterEvaluator.matching(exists, block, all);
    long[] absent = FilterEvaluator.matching(new Expr.Not(exists), block, all);
    int[] ranks = column.ranks();
    for (int row = 0; row < block.rowCount(); row++) {
      boolean valid = column.valid()[row];
      boolean holds = valid && holds(filter, value(column.values(), ranks[row]));
      assertThat(RowBits.contains(there, row)).isEqualTo(valid);
      assertThat(RowBits.contains(absent, row)).isEqualTo(!valid);
      assertThat(RowBits.contains(yes, row)).as("%s, row %d", filter, row).isEqualTo(holds);
      assertThat(RowBits.contains(no, row)).isEqualTo(valid && !holds);
    }
  }

  private static double value(Column column, int rank) {
    return switch (column) {
      case Column.Int32Column(int[] values) -> values[rank];
      case Int64Column(long[] values) -> values[rank];
      case Column.FloatColumn(float[] values) -> values[rank];
      case DoubleColumn(double[] values) -> values[rank];
      default -> throw new IllegalArgumentException("no numbers");
    };
  }

  private static boolean holds(Expr filter, double value) {
    return filter instanceof Expr.Compare(Operand _, Comparison comparison, Literal _)
        ? RowValue.holds(comparison, Double.compare(value + 0.0, 1))
        : Math.abs(value) == 1;
  }

  @Test
  void integersAreComparedExactly() {
    assertRows(equal(COUNT, of(BIG)), 3);
    assertRows(equal(COUNT, of((double) BIG)));
    assertRows(compare(COUNT, Comparison.GREATER, of(0x1p53)), 3, 4);
    assertRows(compare(COUNT, Comparison.LESS, of(0.5)), 0, 1, 5);
    assertRows(compare(COUNT, Comparison.LESS_OR_EQUAL, of(-3.0)), 0, 5);
    assertRows(compare(COUNT, Comparison.GREATER, of(0x1p63)));
    assertRows(compare(COUNT, Comparison.LESS, of(0x1p63)), 0, 1, 2, 3, 4, 5, 6);
    assertRows(compare(COUNT, Comparison.GREATER_OR_EQUAL, of(-0x1p63)), 0, 1, 2, 3, 4, 5, 6);
    assertRows(compare(COUNT, Comparison.LESS, of(Long.MIN_VALUE)));
    assertRows(compare(COUNT, Comparison.NOT_EQUAL, of(0.5)), 0, 1, 2, 3, 4, 5, 6);
    assertRows(compare(COUNT, Comparison.NOT_EQUAL, of(3)), 0, 1, 3, 4, 5, 6);
  }

  @Test
  void doublesAreComparedExactly() {
    assertRows(equal(RATIO, of(BIG)));
    assertRows(compare(RATIO, Comparison.LESS, of(BIG)), 0, 1, 2, 3, 5, 6);
    assertRows(compare(RATIO, Comparison.GREATER_OR_EQUAL, of(BIG)), 4);
    assertRows(compare(RATIO, Comparison.LESS, of(0)), 0, 5);
    assertRows(compare(RATIO, Comparison.GREATER, of(-0.5)), 1, 2, 3, 4, 6);
    assertRows(equal(RATIO, of(Long.MIN_VALUE)), 5);
    assertRows(equal(RATIO, of(-0.0)), 1);
  }

  @Test
  void textsCompareByTheirBytes() {
    assertRows(compare(NAME, Comparison.GREATER, of("b")), 4, 5);
    assertRows(compare(NAME, Comparison.GREATER, of("\uFFFD")), 4);
    assertRows(compare(NAME, Comparison.LESS_OR_EQUAL, of("a")), 0, 1);
    assertRows(equal(NAME, of("")), 0);
    assertRows(new Expr.In(NAME, List.of(of("ab"), of("\uFFFD"))), 2, 5);
    assertRows(new Expr.Like(NAME, "ab%"), 2, 6);
    assertRows(new Expr.Like(NAME, "%\\%"), 6);
    assertRows(new Expr.Like(NAME, "_"), 1, 3, 4, 5);
  }

  @Test
  void keysAreFoundInOrderToo() {
    assertRows(equal(KEY, of(3)), 3);
    assertRows(equal(KEY, of(2.5)));
    assertRows(compare(KEY, Comparison.LESS, of(2.5)), 0, 1, 2);
    assertRows(compare(KEY, Comparison.GREATER_OR_EQUAL, of(5)), 5, 6);
    assertRows(compare(KEY, Comparison.NOT_EQUAL, of(5)), 0, 1, 2, 3, 4, 6);
    assertRows(new Expr.In(KEY, List.of(of(6), of(2.0), of(99))), 2, 6);
    assertRows(not(new Expr.In(KEY, List.of(of(6), of(2.0)))), 0, 1, 3, 4, 5);
  }

  @Test
  void boolsAreEqualOrNot() {
    Literal yes = new BoolLiteral(true);
    assertRows(equal(FLAG, yes), 0, 2, 4, 6);
    assertRows(not(equal(FLAG, yes)), 1, 3, 5);
    assertRows(compare(FLAG, Comparison.NOT_EQUAL, yes), 1, 3, 5);
    assertRows(new Expr.In(FLAG, List.of(new BoolLiteral(false))), 1, 3, 5);
  }

  @Test
  void whatJsonDoesNotHaveIsUnknown() {
    assertRows(equal(N, of(3)), 1, 2);
    assertRows(not(equal(N, of(3))), 6);
    assertRows(compare(N, Comparison.NOT_EQUAL, of(3)), 6);
    assertRows(equal(N, of("3")), 3);
    assertRows(not(equal(N, of("4"))), 3);
    assertRows(equal(N, of(BIG)), 6);
    assertRows(equal(N, of(0x1p53)));
    assertRows(equal(N, new BoolLiteral(true)), 5);
    assertRows(new Expr.In(N, List.of(of(3), of("3"))), 1, 2, 3);
    assertRows(not(new Expr.In(N, List.of(of(5)))), 1, 2, 6);
    assertRows(new Expr.Exists(N), 1, 2, 3, 5, 6);
    assertRows(not(new Expr.Exists(N)), 0, 4);
    assertRows(new Expr.Like(N, "3%"), 3);
  }

  @Test
  void pathsLeadIntoObjectsAndArrays() {
    JsonPath deep = path(new Step.Key("deep"), new Step.Key("n"), new Step.Index(0));
    assertRows(equal(deep, of(1)), 2);
    JsonPath object = path(new Step.Key("deep"), new Step.Key("n"), new Step.Index(1));
    assertRows(new Expr.Exists(object), 2);
    assertRows(not(equal(object, of(1))));
    Step tags = new Step.Key("tags");
    assertRows(equal(path(tags, new Step.Index(1)), of("two")), 3, 4);
    assertRows(new Expr.Exists(path(tags, new Step.Index(2))));
    assertRows(equal(path(tags), new ListLiteral(List.of(of(1), of("two")))), 3, 4);
    assertRows(
        compare(path(tags), Comparison.NOT_EQUAL, new ListLiteral(List.of(of(2), of("two")))),
        3,
        4);
  }

  @Test
  void unknownIsNeitherTrueNorFalse() {
    Expr unknown = equal(path(new Step.Key("nowhere")), of(1));
    Expr small = compare(KEY, Comparison.LESS, of(3));
    assertRows(new Expr.And(List.of(unknown, small)));
    assertRows(not(new Expr.And(List.of(unknown, small))), 3, 4, 5, 6);
    assertRows(not(new Expr.And(List.of(small, unknown))), 3, 4, 5, 6);
    assertRows(new Expr.Or(List.of(unknown, small)), 0, 1, 2);
    assertRows(not(new Expr.Or(List.of(small, unknown))));
    assertRows(not(not(unknown)));
  }

  @Test
  void arithmeticIsIntegerWhereItCanBe() {
    assertRows(equal(new Arithmetic(COUNT, ArithmeticOp.MODULO, of(4)), of(3)), 2, 4, 6);
    assertRows(equal(new Arithmetic(COUNT, ArithmeticOp.DIVIDE, of(2)), of(-1)), 0);
    assertRows(equal(new Arithmetic(COUNT, ArithmeticOp.DIVIDE, of(2.0)), of(-1.5)), 0);
    assertRows(not(equal(new Arithmetic(COUNT, ArithmeticOp.DIVIDE, of(0)), of(1))));
    assertRows(equal(new Arithmetic(RATIO, ArithmeticOp.ADD, of(1)), of(3.5)), 2);
    assertRows(equal(new Arithmetic(N, ArithmeticOp.MULTIPLY, of(2)), of(6)), 1, 2);
    assertRows(new Expr.CompareOperands(COUNT, Comparison.LESS, RATIO), 0, 4);
  }

  @Test
  void randomTreesAgreeWithRowByRowEvaluation() {
    Random random = new Random(11);
    for (int i = 0; i < 3000; i++) {
      Expr expr = tree(random, 4);
      for (RowBlock block : blocks) {
        int[] expected =
            IntStream.range(0, 7).filter(row -> truth(expr, block, row) == Truth.TRUE).toArray();
        assertThat(RowBits.toArray(FilterEvaluator.matching(expr, block, RowBits.all(7))))
            .as("%s", expr)
            .isEqualTo(expected);
      }
    }
  }

  private static Expr tree(Random random, int depth) {
    return switch (depth == 0 ? 3 : random.nextInt(5)) {
      case 0 -> new Expr.And(List.of(tree(random, depth - 1), tree(random, depth - 1)));
      case 1 -> new Expr.Or(List.of(tree(random, depth - 1), tree(random, depth - 1)));
      case 2 -> new Expr.Not(tree(random, depth - 1));
      default -> leaf(random);
    };
  }

  private static Expr leaf(Random random) {
    Operand[] operands = {KEY, FLAG, COUNT, RATIO, NAME, N};
    Literal[] literals = {of(3), of(2.5), of(BIG), of("ab"), new BoolLiteral(true), of(0)};
    Operand operand = operands[random.nextInt(operands.length)];
    Literal literal = literals[random.nextInt(literals.length)];
    Comparison comparison = Comparison.values()[random.nextInt(6)];
    return compare(operand, comparison, literal);
  }

  private static Truth truth(Expr expr, RowBlock block, int row) {
    return switch (expr) {
      case Expr.And and -> {
        List<Truth> all = and.operands().stream().map(e -> truth(e, block, row)).toList();
        yield all.contains(Truth.FALSE)
            ? Truth.FALSE
            : all.contains(Truth.UNKNOWN) ? Truth.UNKNOWN : Truth.TRUE;
      }
      case Expr.Or or -> {
        List<Truth> all = or.operands().stream().map(e -> truth(e, block, row)).toList();
        yield all.contains(Truth.TRUE)
            ? Truth.TRUE
            : all.contains(Truth.UNKNOWN) ? Truth.UNKNOWN : Truth.FALSE;
      }
      case Expr.Not not ->
          switch (truth(not.operand(), block, row)) {
            case TRUE -> Truth.FALSE;
            case FALSE -> Truth.TRUE;
            case UNKNOWN -> Truth.UNKNOWN;
          };
      case Expr.Compare compare ->
          OperandValues.of(compare.left(), block)
              .at(row)
              .test(compare.comparison(), compare.right());
      case Expr.Constant _, Expr.CompareOperands _, Expr.In _, Expr.Like _, Expr.Exists _ ->
          throw new IllegalArgumentException("not drawn");
    };
  }
}
