package io.elanus.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// What this build is, as the build wrote it down.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "elanus " + number(), "speaks the Milvus 3.0.0 API", "java " + Runtime.version()
    };
  }

  /// As in the root pom, for example `0.1.0`.
  static String number() {
    try (InputStream in = Version.class.getResourceAsStream("/elanus-version.properties")) {
      Properties properties = new Properties();
      properties.load(Objects.requireNonNull(in, "elanus-version.properties"));
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
