package io.elanus.standalone.config;

import java.nio.file.Path;

/// Where a value was said. Later ones in this list win over earlier ones.
public sealed interface Source {
  record Initial() implements Source {
    @Override
    public String toString() {
      return "default";
    }
  }

  record File(Path path, int line) implements Source {
    @Override
    public String toString() {
      return "%s:%d".formatted(path, line);
    }
  }

  record Environment(String variable) implements Source {
    @Override
    public String toString() {
      return "environment " + variable;
    }
  }

  /// @param option as typed: `--set`, `--port`
  record CommandLine(String option) implements Source {
    @Override
    public String toString() {
      return option;
    }
  }
}
