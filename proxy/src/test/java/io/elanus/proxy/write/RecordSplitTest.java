package io.elanus.proxy.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordSplitTest {
  private static final Column NUMBERS = new Int64Column(new long[8]);

  @Test
  void rowsGoToTheirShardsInTheirOrder() {
    int[] shards = {0, 1, 0, 0, 1, 0, 0, 1};

    assertThat(text(RecordSplit.split(List.of(NUMBERS), shards, 1 << 20)))
        .isEqualTo("0: [0, 2, 3, 5, 6]\n1: [1, 4, 7]\n");
  }

  @Test
  void rowsTooLargeForOneRecordBecomeSeveral() {
    String[] texts = new String[8];
    Arrays.fill(texts, "x".repeat(996));
    int[] shards = new int[8];

    // 1000 bytes a row, 1024 + 32 for the record itself: three rows fit
    assertThat(text(RecordSplit.split(List.of(new VarCharColumn(texts)), shards, 4056)))
        .isEqualTo("0: [0, 1, 2]\n0: [3, 4, 5]\n0: [6, 7]\n");
  }

  @Test
  void aRowTooLargeForAnyRecordIsNamed() {
    Column texts = new VarCharColumn(new String[] {"a", "ü".repeat(2000)});

    assertThatThrownBy(() -> RecordSplit.split(List.of(texts), new int[2], 4056))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PARAMETER_TOO_LARGE))
        .hasMessageContaining("row 1 has 4004 bytes, the log takes at most 3000");
  }

  @Test
  void noRowsAreNoRecords() {
    assertThat(RecordSplit.split(List.of(new Int64Column(new long[0])), new int[0], 4096))
        .isEmpty();
  }

  private static String text(List<RecordSplit.Part> parts) {
    StringBuilder text = new StringBuilder();
    for (RecordSplit.Part part : parts) {
      text.append(part.shard()).append(": ").append(Arrays.toString(part.rows())).append('\n');
    }
    return text.toString();
  }
}
