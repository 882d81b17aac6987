package io.elanus.standalone.config;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// All that is wrong with a configuration, told at once.
public final class Problems {
  private final List<String> problems = new ArrayList<>();

  public void add(String format, Object... arguments) {
    problems.add(format.formatted(arguments));
  }

  /// @throws DbException `INVALID_PARAMETER` with a numbered list, when there is a problem
  public void refuse() {
    if (!problems.isEmpty()) {
      String list =
          IntStream.range(0, problems.size())
              .mapToObj(i -> "%n  %d. %s".formatted(i + 1, problems.get(i)))
              .collect(Collectors.joining());
      throw ErrorCode.INVALID_PARAMETER.because(
          "%d problem%s in the configuration:%s",
          problems.size(), problems.size() == 1 ? "" : "s", list);
    }
  }
}
