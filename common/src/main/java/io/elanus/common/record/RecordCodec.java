package io.elanus.common.record;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.ByteReader;
import io.elanus.common.format.ByteWriter;
import io.elanus.common.format.Format;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Field;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import java.util.List;
import java.util.Optional;

/// The bytes of a log record (docs/formats/log-record.md).
///
/// ```
/// offset  size
/// 0       4     magic "ELRC"
/// 4       2     version of the body, 1
/// 6       1     kind: 1 insert, 2 upsert, 3 delete, 4 drop collection, 5 barrier,
///               6 truncate, 7 drop partition, 8 rename, 10 expire, 11 add field,
///               12 partial upsert, 13 mark, 14 import commit
/// 7       1     flags, 0
/// 8       8     collection id
/// 16      4     shard index
/// 20      8     writer incarnation
/// 28      8     sequence
/// 36      4     attempt
/// 40      8     timestamp
/// 48      4     schema version
/// 52      8     DDL sequence
/// 60      4     CRC32C of bytes 0..59
/// 64      ...   insert: partition (8), rows
///               upsert: partition (8), keys, rows
///               partial upsert: partition (8), keys, rows, read at (8)
///               delete: keys, optional upTo (8), optional partition (8)
///               drop partition: partition (8)
///               drop collection, barrier, truncate, rename: nothing
///               expire: through (8)
///               add field: the field
///               mark: mark (8)
///               import commit: version (8)
/// end-4   4     CRC32C of all bytes before it
/// ```
///
/// The header is the same in every version, so that a body that cannot be read stops its own shard
/// only. Rows and keys: [ColumnCodec]; fields: [FieldCodec].
public final class RecordCodec {
  private static final Format FORMAT = new Format("log record", "ELRC", 1);
  private static final int KIND_OFFSET = Format.HEADER_BYTES;
  private static final int FIELDS_OFFSET = 8;
  private static final int CHECKSUM_OFFSET = 60;

  /// An id, two texts and a list without anything in them, four bytes.
  private static final int MIN_FIELD_BYTES = 15;

  private static final int INSERT = 1;
  private static final int UPSERT = 2;
  private static final int DELETE = 3;
  private static final int DROP_COLLECTION = 4;
  private static final int BARRIER = 5;
  private static final int TRUNCATE = 6;
  private static final int DROP_PARTITION = 7;
  private static final int RENAME = 8;
  private static final int EXPIRE = 10;
  private static final int ADD_FIELD = 11;
  private static final int PARTIAL_UPSERT = 12;
  private static final int MARK = 13;
  private static final int IMPORT_COMMIT = 14;
  private static final int ADD_FIELDS = 15;

  private RecordCodec() {}

  public static byte[] encode(LogRecord record) {
    return FORMAT.encode(
        expectedBytes(record),
        out -> {
          out.u8(kind(record));
          out.u8(0);
          writeFields(out, record.header());
          out.crc32c(0);
          writeBody(out, record);
        });
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT` for bytes that are not a whole record,
  ///     for an unknown kind and for a newer version
  public static LogRecord decode(byte[] bytes) {
    RecordHeader header = peek(bytes);
    return FORMAT.decode(bytes, in -> readBody(in, header));
  }

  /// The header alone, whatever kind or version follows; cheap. Only the header's checksum is
  /// verified.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` for bytes that do not begin with a whole
  ///     header
  public static RecordHeader peek(byte[] bytes) {
    ByteReader in = new ByteReader(FORMAT.name(), bytes, bytes.length);
    FORMAT.checkMagic(in);
    int stored = in.at(CHECKSUM_OFFSET).i32();
    int computed = Format.crc32c(bytes, 0, CHECKSUM_OFFSET);
    if (stored != computed) {
      throw ErrorCode.CORRUPT.because(
          "log record: checksum of the header is %08x, expected %08x", computed, stored);
    }
    return readFields(in.at(FIELDS_OFFSET));
  }

  /// As [#peek]; empty for bytes that do not begin with a whole header. No version of ours writes such:
  /// they are nobody's.
  public static Optional<RecordHeader> find(byte[] bytes) {
    try {
      return Optional.of(peek(bytes));
    } catch (DbException _) {
      return Optional.empty();
    }
  }

  private static int kind(LogRecord record) {
    return switch (record) {
      case LogRecord.Insert _ -> INSERT;
      case LogRecord.Upsert upsert -> upsert.readAt().isPresent() ? PARTIAL_UPSERT : UPSERT;
      case LogRecord.Delete _ -> DELETE;
      case LogRecord.DropCollection _ -> DROP_COLLECTION;
      case LogRecord.Barrier _ -> BARRIER;
      case LogRecord.Truncate _ -> TRUNCATE;
      case LogRecord.DropPartition _ -> DROP_PARTITION;
      case LogRecord.Rename _ -> RENAME;
      case LogRecord.Expire _ -> EXPIRE;
      case LogRecord.AddField add -> add.fields().size() == 1 ? ADD_FIELD : ADD_FIELDS;
      case LogRecord.Mark _ -> MARK;
      case LogRecord.ImportCommit _ -> IMPORT_COMMIT;
    };
  }

  private static void writeFields(ByteWriter out, RecordHeader header) {
    out.i64(header.shard().collection().value());
    out.i32(header.shard().index());
    out.i64(header.writer());
    out.i64(header.sequence());
    out.i32(header.attempt());
    out.i64(header.timestamp());
    out.i32(header.schemaVersion());
    out.i64(header.ddlSequence());
  }

  private static RecordHeader readFields(ByteReader in) {
    return new RecordHeader(
        new ShardId(new CollectionId(in.i64()), in.i32()),
        in.i64(),
        in.i64(),
        in.i32(),
        in.i64(),
        in.i32(),
        in.i64());
  }

  private static void writeBody(ByteWriter out, LogRecord record) {
    switch (record) {
      case LogRecord.Insert insert -> {
        out.i64(insert.partition().value());
        ColumnCodec.writeRows(out, insert.rows());
      }
      case LogRecord.Upsert upsert -> {
        out.i64(upsert.partition().value());
        ColumnCodec.writeKeys(out, upsert.replaced());
        ColumnCodec.writeRows(out, upsert.rows());
        upsert.readAt().ifPresent(out::i64);
      }
      case LogRecord.Delete delete -> {
        ColumnCodec.writeKeys(out, delete.keys());
        out.optional(delete.upTo(), out::i64);
        out.optional(delete.partition().map(PartitionId::value), out::i64);
      }
      case LogRecord.Expire expire -> out.i64(expire.through());
      case LogRecord.Mark mark -> out.i64(mark.mark());
      case LogRecord.ImportCommit done -> out.i64(done.version());
      case LogRecord.DropPartition drop -> out.i64(drop.partition().value());
      case LogRecord.AddField add -> writeFields(out, add.fields());
      case LogRecord.DropCollection _,
          LogRecord.Barrier _,
          LogRecord.Truncate _,
          LogRecord.Rename _ -> {}
    }
  }

  /// A single one as ever.
  private static void writeFields(ByteWriter out, List<Field> fields) {
    if (fields.size() == 1) {
      FieldCodec.write(out, fields.getFirst());
    } else {
      out.list(fields, field -> FieldCodec.write(out, field));
    }
  }

  private static LogRecord readBody(ByteReader in, RecordHeader header) {
    int kind = in.at(KIND_OFFSET).u8();
    in.flags(0);
    in.at(CHECKSUM_OFFSET + 4);
    return switch (kind) {
      case INSERT ->
          new LogRecord.Insert(header, new PartitionId(in.i64()), ColumnCodec.readRows(in));
      case UPSERT ->
          new LogRecord.Upsert(
              header,
              new PartitionId(in.i64()),
              ColumnCodec.readKeys(in),
              ColumnCodec.readRows(in));
      case PARTIAL_UPSERT ->
          new LogRecord.Upsert(
              header,
              new PartitionId(in.i64()),
              ColumnCodec.readKeys(in),
              ColumnCodec.readRows(in),
              Optional.of(in.i64()));
      case DELETE ->
          new LogRecord.Delete(
              header,
              ColumnCodec.readKeys(in),
              in.optional(in::i64),
              in.optional(in::i64).map(PartitionId::new));
      case DROP_COLLECTION -> new LogRecord.DropCollection(header);
      case BARRIER -> new LogRecord.Barrier(header);
      case TRUNCATE -> new LogRecord.Truncate(header);
      case DROP_PARTITION -> new LogRecord.DropPartition(header, new PartitionId(in.i64()));
      case RENAME -> new LogRecord.Rename(header);
      case EXPIRE -> new LogRecord.Expire(header, in.i64());
      case ADD_FIELD -> new LogRecord.AddField(header, FieldCodec.read(in));
      case ADD_FIELDS ->
          new LogRecord.AddField(header, in.list(MIN_FIELD_BYTES, () -> FieldCodec.read(in)));
      case MARK -> new LogRecord.Mark(header, in.i64());
      case IMPORT_COMMIT -> new LogRecord.ImportCommit(header, in.i64());
      default -> throw in.corrupt("unknown kind %d".formatted(kind));
    };
  }

  private static int expectedBytes(LogRecord record) {
    long body =
        switch (record) {
          case LogRecord.Insert insert -> insert.rows().sizeBytes();
          case LogRecord.Upsert upsert -> upsert.rows().sizeBytes() + upsert.replaced().sizeBytes();
          case LogRecord.Delete delete -> delete.keys().sizeBytes();
          case LogRecord.DropCollection _,
              LogRecord.Barrier _,
              LogRecord.Truncate _,
              LogRecord.DropPartition _,
              LogRecord.AddField _,
              LogRecord.Rename _,
              LogRecord.Expire _,
              LogRecord.ImportCommit _,
              LogRecord.Mark _ ->
              0;
        };
    return (int) Math.min(body + 256, 1 << 30);
  }
}
