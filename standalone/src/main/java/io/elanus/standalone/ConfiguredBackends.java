package io.elanus.standalone;

import io.elanus.common.error.ErrorCode;
import io.elanus.standalone.config.Configuration;

/// The backends that the configuration names.
final class ConfiguredBackends {
  private ConfiguredBackends() {}

  static Backends.Opening of(Configuration configuration, ProcessConfig config) {
    return config.shared()
        ? _ -> {
          throw ErrorCode.UNIMPLEMENTED.because("shared backends");
        }
        : run -> EmbeddedDisk.open(run, config.folder());
  }
}
