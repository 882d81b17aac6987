package io.elanus.standalone;

/// The backends that the configuration names.
final class ConfiguredBackends {
  private ConfiguredBackends() {}

  static Backends.Opening of(ProcessConfig config) {
    return config
        .backends()
        .<Backends.Opening>map(
            shared -> context -> SharedStores.open(shared, config.folder(), context))
        .orElse(context -> EmbeddedDisk.open(context.run(), config.folder()));
  }
}
