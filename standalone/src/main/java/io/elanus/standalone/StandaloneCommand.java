package io.elanus.standalone;

import io.elanus.standalone.config.Key;
import io.elanus.standalone.config.Keys;
import io.elanus.standalone.config.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `elanus standalone`: every role in one process, everything kept in one folder. Its options are short
/// names of keys.
@Command(
    name = "standalone",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs every role in this process and keeps all data in one folder.",
      "Clients connect to the port; /metrics, /healthz, /livez and /readyz are on the management port."
    })
final class StandaloneCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "<folder>",
      description = "Where everything is kept (localStorage.path, default: data).")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--host",
      paramLabel = "<address>",
      description = "Address to listen on (process.host, default: 127.0.0.1).")
  private Optional<String> host = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "<n>",
      description = "gRPC and REST; 0 for any (proxy.port, default: 19530).")
  private Optional<Integer> port = Optional.empty();

  @Option(
      names = "--management-port",
      paramLabel = "<n>",
      description = "Health; 0 for any (metrics.port, default: 9091).")
  private Optional<Integer> managementPort = Optional.empty();

  @Option(names = "--tls-cert", paramLabel = "<pem>", description = "Server certificate chain.")
  private Optional<Path> certificate = Optional.empty();

  @Option(names = "--tls-key", paramLabel = "<pem>", description = "Its private key (PKCS #8).")
  private Optional<Path> key = Optional.empty();

  @Option(
      names = "--tls-client-ca",
      paramLabel = "<pem>",
      description = "Demand client certificates.")
  private Optional<Path> clientCa = Optional.empty();

  @Option(
      names = "--flush-mib",
      paramLabel = "<n>",
      description = "Tail size that is flushed (dataNode.segment.flushBytes, default: 512).")
  private Optional<Long> flushMib = Optional.empty();

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(names = "--training-run", hidden = true, description = "Serve a few own requests, end.")
  private boolean trainingRun;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    Serving.Work work = trainingRun ? Serving::train : Serving::untilStopped;
    return Serving.run(Role.all(), config, settings(), work, spec.commandLine().getErr());
  }

  private List<Setting> settings() {
    if (certificate.isPresent() != key.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--tls-cert and --tls-key belong together");
    }
    List<Setting> settings = new ArrayList<>();
    data.ifPresent(value -> settings.add(setting("--data", Keys.LOCAL_STORAGE, value)));
    host.ifPresent(value -> settings.add(setting("--host", Keys.HOST, value)));
    port.ifPresent(value -> settings.add(setting("--port", Keys.PROXY_PORT, value)));
    managementPort.ifPresent(
        value -> settings.add(setting("--management-port", Keys.METRICS_PORT, value)));
    certificate.ifPresent(value -> {
      settings.add(setting("--tls-cert", Keys.TLS_CERTIFICATE, value));
      settings.add(setting("--tls-cert", Keys.TLS_MODE, clientCa.isPresent() ? 2 : 1));
    });
    key.ifPresent(value -> settings.add(setting("--tls-key", Keys.TLS_KEY, value)));
    clientCa.ifPresent(
        value -> settings.add(setting("--tls-client-ca", Keys.TLS_AUTHORITY, value)));
    flushMib.ifPresent(
        value -> settings.add(setting("--flush-mib", Keys.FLUSH_BYTES, value + "MiB")));
    return settings;
  }

  private static Setting setting(String option, Key<?> key, Object value) {
    return new Setting(key.name(), value.toString(), ConfigOptions.option(option));
  }
}
