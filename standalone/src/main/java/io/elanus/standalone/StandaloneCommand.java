package io.elanus.standalone;

import io.elanus.common.error.DbException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `elanus standalone`: every role in one process, everything kept in one folder.
@Command(
    name = "standalone",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    description = {
      "Runs every role in this process and keeps all data in one folder.",
      "Clients connect to the port; /metrics, /healthz, /livez and /readyz are on the management port."
    })
final class StandaloneCommand implements Callable<Integer> {
  @Option(names = "--data", paramLabel = "<folder>", description = "Where everything is kept.")
  private Path data = Path.of("data");

  @Option(names = "--host", paramLabel = "<address>", description = "Address to listen on.")
  private String host = "127.0.0.1";

  @Option(names = "--port", paramLabel = "<n>", description = "gRPC and REST; 0 for any.")
  private int port = StandaloneConfig.DEFAULT_PORT;

  @Option(names = "--management-port", paramLabel = "<n>", description = "Health; 0 for any.")
  private int managementPort = StandaloneConfig.DEFAULT_MANAGEMENT_PORT;

  @Option(names = "--tls-cert", paramLabel = "<pem>", description = "Server certificate chain.")
  private Optional<Path> certificate = Optional.empty();

  @Option(names = "--tls-key", paramLabel = "<pem>", description = "Its private key (PKCS #8).")
  private Optional<Path> key = Optional.empty();

  @Option(
      names = "--tls-client-ca",
      paramLabel = "<pem>",
      description = "Demand client certificates.")
  private Optional<Path> clientCa = Optional.empty();

  @Option(names = "--flush-mib", paramLabel = "<n>", description = "Tail size that is flushed.")
  private long flushMib = StandaloneConfig.DEFAULT_FLUSH_BYTES >> 20;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    try (Standalone server = Standalone.start(config())) {
      announce(server);
      CountDownLatch closed = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stop(server, closed), "elanus-shutdown"));
      closed.await();
      return CommandLine.ExitCode.OK;
    } catch (DbException e) {
      spec.commandLine().getErr().println("cannot start: " + e.text());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private StandaloneConfig config() {
    try {
      return new StandaloneConfig(data, host, port, managementPort, tls(), flushMib << 20);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<StandaloneConfig.Tls> tls() {
    if (certificate.isPresent() != key.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--tls-cert and --tls-key belong together");
    }
    return certificate.map(c -> new StandaloneConfig.Tls(c, key.orElseThrow(), clientCa));
  }

  private void announce(Standalone server) {
    System.out.printf(
        "Elanus %s is ready: Milvus clients on %s:%d, health and metrics on http://%s:%d, data in %s%n",
        Version.number(),
        host,
        server.port(),
        host,
        server.managementPort(),
        data.toAbsolutePath().normalize());
    System.out.flush();
  }

  private static void stop(Standalone server, CountDownLatch closed) {
    server.close();
    closed.countDown();
  }
}
