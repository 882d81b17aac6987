package io.elanus.common.run;

import org.jspecify.annotations.Nullable;

/// A simulated run that did not go well. The message names the seed that repeats it.
public final class SimulationFailed extends AssertionError {
  private static final long serialVersionUID = 1;

  SimulationFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
