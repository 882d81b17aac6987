package io.elanus.adapters.etcd;

import io.elanus.servers.EtcdServer;
import io.elanus.servers.InstalledServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The one node that tests of this module share, each under a root of its own. Ends with the JVM.
final class Etcd {
  private static final AtomicInteger ROOTS = new AtomicInteger();
  private static @Nullable EtcdServer server;

  private Etcd() {}

  /// Skips or fails the calling test where etcd is not installed.
  static synchronized EtcdServer shared() {
    InstalledServer.ETCD.require();
    if (server == null) {
      Path folder = Path.of("target", "etcd-%d".formatted(ProcessHandle.current().pid()));
      server = EtcdServer.start(folder.toAbsolutePath(), 1);
    }
    return server;
  }

  static String newRoot() {
    return "test/" + ROOTS.incrementAndGet();
  }

  static EtcdConfig config(EtcdServer server, String rootPath) {
    return config(server.endpoints(), rootPath);
  }

  static EtcdConfig config(List<String> endpoints, String rootPath) {
    return new EtcdConfig(
        endpoints.stream().map(EtcdConfig.Endpoint::parse).toList(),
        Optional.empty(),
        new EtcdConfig.Tls.Off(),
        rootPath,
        EtcdConfig.DEFAULT_CALL_TIMEOUT);
  }
}
