package io.elanus.standalone;

import io.elanus.standalone.config.Configuration;
import io.elanus.standalone.config.Keys;
import java.util.Locale;

/// Tells logback what the configuration says; before the first line is logged.
final class LogSetup {
  private LogSetup() {}

  static void apply(Configuration configuration) {
    System.setProperty(
        "elanus.log.level", configuration.get(Keys.LOG_LEVEL).toUpperCase(Locale.ROOT));
    System.setProperty("elanus.log.format", configuration.get(Keys.LOG_FORMAT));
  }
}
