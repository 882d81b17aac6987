package io.elanus.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// One server per target, with and without authorization, for all suites of a run but those with an [OwnServer]; a parameter of
/// type [ElanusServer] is that one.
public final class SharedServer implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ElanusServer.class;
  }

  @Override
  public ElanusServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Target target =
        AnnotationSupport.findAnnotation(context.getRequiredTestClass(), OnTarget.class)
            .map(OnTarget::value)
            .orElseGet(Target::chosen);
    boolean authorization =
        AnnotationSupport.isAnnotated(context.getRequiredTestClass(), WithAuthorization.class);
    Optional<Class<?>> alone =
        context.getTestClass().filter(type -> AnnotationSupport.isAnnotated(type, OwnServer.class));
    return context
        .getRoot()
        .getStore(Namespace.GLOBAL)
        .computeIfAbsent(new Wanted(target, authorization, alone), Running::new, Running.class)
        .server;
  }

  /// @param alone the only class that uses it; empty when others may, too
  private record Wanted(Target target, boolean authorization, Optional<Class<?>> alone) {}

  /// Closed by JUnit when the run ends.
  private static final class Running implements AutoCloseable {
    private final ElanusServer server;

    Running(Wanted wanted) {
      server = ElanusServer.start(wanted.target, wanted.authorization, data());
    }

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
