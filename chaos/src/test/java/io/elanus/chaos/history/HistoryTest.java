package io.elanus.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.chaos.history.Event.By;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @TempDir Path folder;

  @Test
  void aFileHoldsWhatHappened() {
    By by = new By(3, "upsert");
    Span span = new Span(5, Long.MAX_VALUE - 1);
    List<Event> events =
        List.of(
            new Event.Write(by, 1L << 40, 7, Outcome.UNKNOWN, span),
            new Event.Read(by, Level.BOUNDED, 2, Event.ABSENT, span),
            new Event.Call(by, Outcome.FAILED, "no \"such\"\n thing", span),
            new Event.Finding(Anomaly.CORRUPT, 4, "text", span),
            new Event.Fault("kill -9 datanode-1", span));
    Path file = folder.resolve("deep/history.jsonl");

    try (History history = History.to(file)) {
      events.forEach(history::add);
      assertThat(history.events()).isEqualTo(events);
    }

    assertThat(History.load(file)).isEqualTo(events);
  }
}
