package io.elanus.proxy.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.ExprPrinter;
import io.elanus.common.expr.FilterParser;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.run.SimulatedRun;
import io.elanus.proxy.Films;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LivingRowsTest {
  private static final CollectionSchema SCHEMA =
      new CollectionSchema(
          "films",
          "",
          List.of(
              Films.ID,
              new Field(
                  104, "until", "", DataType.TIMESTAMPTZ, false, false, false, false, Map.of())),
          1);

  private final SimulatedRun world = new SimulatedRun(1);

  private static Collection collection(Map<String, String> properties) {
    Collection plain = Films.collection(SCHEMA, 1);
    return new Collection(
        plain.id(),
        plain.database(),
        plain.databaseName(),
        SCHEMA,
        plain.shardLogs(),
        plain.partitions(),
        plain.consistency(),
        properties,
        1,
        0,
        1,
        1,
        CollectionState.ACTIVE);
  }

  private String living(String filter, Map<String, String> properties) {
    return living(filter, properties, new Page.None());
  }

  private String living(String filter, Map<String, String> properties, Page page) {
    Expr parsed = FilterParser.parse(filter, SCHEMA, Map.of());
    return ExprPrinter.print(LivingRows.of(collection(properties), parsed, page, world), SCHEMA);
  }

  @Test
  void readersOfACollectionWithATtlFieldSeeWhatLivesOnNow() {
    Map<String, String> ttl = Map.of("ttl_field", "until");
    world.run(
        () -> {
          long now = world.wallMillis() * 1_000;
          String living = "not (until is not null) or until <= 0 or until > %d".formatted(now);

          assertThat(living("", ttl)).isEqualTo(living);
          assertThat(living("", ttl, new Page.First())).isEqualTo(living);
          assertThat(living("", ttl, new Page.Later(HybridTimestamp.of(5, 3))))
              .endsWith("until > 5000");
          assertThat(living("id > 5", ttl)).isEqualTo("id > 5 and (" + living + ")");
          assertThat(living("id in []", ttl)).as("nothing").isEqualTo(living("id in []", Map.of()));
          assertThat(living("id > 5", Map.of())).isEqualTo("id > 5");
        },
        Duration.ofSeconds(1));
  }
}
