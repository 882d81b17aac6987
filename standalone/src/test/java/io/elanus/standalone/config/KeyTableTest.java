package io.elanus.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  private static final Path PAGE =
      Path.of(System.getProperty("elanus.root", "..")).resolve("docs/operations/configuration.md");
  private static final String START = "| Key | Default |";

  /// Names and defaults are a promise; after a change, `elanus config table` prints what belongs there.
  @Test
  void theDocumentationHasTheTableAsItIs() throws IOException {
    String page = Files.readString(PAGE);

    assertThat(page.substring(page.indexOf(START))).isEqualTo(KeyTable.markdown());
  }

  @Test
  void everyKeyIsExplainedInASentence() {
    for (Key<?> key : Keys.ALL) {
      assertThat(key.doc()).as(key.name()).matches("(?s)[A-Z`].*\\.");
    }
  }
}
