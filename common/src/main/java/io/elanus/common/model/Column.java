package io.elanus.common.model;

import java.util.Arrays;

/// The values of one field for a number of rows. Arrays are not copied: whoever hands one in gives it away.
public sealed interface Column
    permits Column.BoolColumn,
        Column.Int32Column,
        Column.KeyColumn,
        Column.FloatColumn,
        Column.DoubleColumn,
        Column.BytesColumn,
        Column.FloatVectorColumn,
        Column.ByteVectorColumn,
        ListColumn,
        NullableColumn {
  int rowCount();

  ColumnForm form();

  /// The rows at `rows`, in that order.
  Column select(int[] rows);

  /// Bytes held, for budgets; an estimate.
  long sizeBytes();

  /// A column that can be a primary key.
  sealed interface KeyColumn extends Column permits Int64Column, VarCharColumn {
    Key key(int row);

    @Override
    KeyColumn select(int[] rows);
  }

  record BoolColumn(boolean[] values) implements Column {
    @Override
    public int rowCount() {
      return values.length;
    }

    @Override
    public ColumnForm form() {
      return ColumnForm.BOOL;
    }

    @Override
    public BoolColumn select(int[] rows) {
      boolean[] selected = new boolean[rows.length];
      for (int i = 0; i < rows.length; i++) {
        selected[i] = values[rows[i]];
      }
      return new BoolColumn(selected);
    }

    @Override
    public long sizeBytes() {
      return values.length;
    }
  }

  /// Int8, Int16 and Int32.
  record Int32Column(int[] values) implements Column {
    @Override
    public int rowCount() {
      return values.length;
    }

    @Override
    public ColumnForm form() {
      return ColumnForm.INT32;
    }

    @Override
    public Int32Column select(int[] rows) {
      return new Int32Column(Arrays.stream(rows).map(row -> values[row]).toArray());
    }

    @Override
    public long sizeBytes() {
      return values.length * 4L;
    }
  }

  /// Int64 and Timestamptz.
  record Int64Column(long[] values) implements KeyColumn {
    @Override
    public int rowCount() {
      return values.length;
    }

    @Override
    public ColumnForm form() {
      return ColumnForm.INT64;
    }

    @Override
    public Key key(int row) {
      return Key.of(values[row]);
    }

    @Override
    public Int64Column select(int[] rows) {
      return new Int64Column(Arrays.stream(rows).mapToLong(row -> values[row]).toArray());
    }

    @Override
    public long sizeBytes() {
      return values.length * 8L;
    }
  }

  record FloatColumn(float[] values) implements Column {
    @Override
    public int rowCount() {
      return values.length;
    }

    @Override
    public ColumnForm form() {
      return ColumnForm.FLOAT;
    }

    @Override
    public FloatColumn select(int[] rows) {
      float[] selected = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        selected[i] = values[rows[i]];
      }
      return new FloatColumn(selected);
    }

    @Override
    public long sizeBytes() {
      return values.length * 4L;
    }
  }

  record DoubleColumn(double[] values) implements Column {
    @Override
    public int rowCount() {
      return values.length;
    }

    @Override
    public ColumnForm form() {
      return ColumnForm.DOUBLE;
    }

    @Override
    public DoubleColumn select(int[] rows) {
      return new DoubleColumn(Arrays.stream(rows).mapToDouble(row -> values[row]).toArray());
    }

    @Override
    public long sizeBytes() {
      return values.length * 8L;
    }
  }

  /// VarChar and Text.
  record VarCharColumn(String[] values) implements KeyColumn {
    @Override
    public int rowCount() {
      return values.length;
    }

    @Override
    public ColumnForm form() {
      return ColumnForm.TEXT;
    }

    @Override
    public Key key(int row) {
      return Key.of(values[row]);
    }

    @Override
    public VarCharColumn select(int[] rows) {
      return new VarCharColumn(
          Arrays.stream(rows).mapToObj(row -> values[row]).toArray(String[]::new));
    }

    @Override
    public long sizeBytes() {
      long bytes = 0;
      for (String value : values) {
        bytes += 48 + value.length();
      }
      return bytes;
    }
  }

  /// JSON as UTF-8 texts, geometries and sparse vectors.
  record BytesColumn(byte[][] values) implements Column {
    @Override
    public int rowCount() {
      return values.length;
    }

    @Override
    public ColumnForm form() {
      return ColumnForm.BYTES;
    }

    @Override
    public BytesColumn select(int[] rows) {
      return new BytesColumn(
          Arrays.stream(rows).mapToObj(row -> values[row]).toArray(byte[][]::new));
    }

    @Override
    public long sizeBytes() {
      long bytes = 0;
      for (byte[] value : values) {
        bytes += 24 + value.length;
      }
      return bytes;
    }
  }

  /// @param values row-major, `rowCount x dimension`
  record FloatVectorColumn(float[] values, int dimension) implements Column {
    public FloatVectorColumn {
      if (dimension < 1 || values.length % dimension != 0) {
        throw new IllegalArgumentException(
            "%d values do not make rows of %d".formatted(values.length, dimension));
      }
    }

    @Override
    public int rowCount() {
      return values.length / dimension;
    }

    @Override
    public ColumnForm form() {
      return ColumnForm.FLOAT_VECTOR;
    }

    @Override
    public FloatVectorColumn select(int[] rows) {
      float[] selected = new float[rows.length * dimension];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(values, rows[i] * dimension, selected, i * dimension, dimension);
      }
      return new FloatVectorColumn(selected, dimension);
    }

    @Override
    public long sizeBytes() {
      return values.length * 4L;
    }
  }

  /// Dense vectors whose values are not float32.
  ///
  /// @param values row-major, `rowCount x rowBytes`
  record ByteVectorColumn(byte[] values, int rowBytes) implements Column {
    public ByteVectorColumn {
      if (rowBytes < 1 || values.length % rowBytes != 0) {
        throw new IllegalArgumentException(
            "%d bytes do not make rows of %d".formatted(values.length, rowBytes));
      }
    }

    @Override
    public int rowCount() {
      return values.length / rowBytes;
    }

    @Override
    public ColumnForm form() {
      return ColumnForm.BYTE_VECTOR;
    }

    @Override
    public ByteVectorColumn select(int[] rows) {
      byte[] selected = new byte[rows.length * rowBytes];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(values, rows[i] * rowBytes, selected, i * rowBytes, rowBytes);
      }
      return new ByteVectorColumn(selected, rowBytes);
    }

    @Override
    public long sizeBytes() {
      return values.length;
    }
  }
}
