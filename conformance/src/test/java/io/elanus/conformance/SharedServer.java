package io.elanus.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// One server for all suites of a run; a parameter of type [ElanusServer] is that one.
public final class SharedServer implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ElanusServer.class;
  }

  @Override
  public ElanusServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.GLOBAL)
        .computeIfAbsent(SharedServer.class, _ -> new Running(), Running.class)
        .server;
  }

  /// Closed by JUnit when the run ends.
  private static final class Running implements AutoCloseable {
    private final ElanusServer server = ElanusServer.start(data());

    @Override
    public void close() {
      server.close();
    }

    private static Path data() {
      try {
        return Files.createTempDirectory(Path.of("target"), "data-").toAbsolutePath();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
