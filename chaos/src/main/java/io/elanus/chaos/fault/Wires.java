package io.elanus.chaos.fault;

import io.elanus.chaos.fault.HttpProxy.Storm;
import io.elanus.chaos.fault.TcpProxy.Weather;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The proxies between all processes of a cluster and two of the servers they stand on: MariaDB, and S3. Kafka
/// tells its clients where its brokers are, and etcd is several nodes to a client, so nothing stands before them.
///
/// The cluster is told to connect here ([#settings]); where the servers are it writes into its own file when
/// they have started.
public final class Wires implements AutoCloseable {
  private static final Duration MIN = Duration.ofMillis(500);
  private static final Duration MAX = Duration.ofSeconds(12);
  private static final Duration LAG = Duration.ofMillis(50);

  private final Path configFile;
  private final Optional<TcpProxy> metastore;
  private final HttpProxy s3;

  /// @param cluster folder of the cluster
  /// @param metastoreName `mariadb` or `etcd`
  public Wires(Path cluster, String metastoreName, long seed) {
    this.configFile = cluster.resolve("elanus.yaml");
    this.metastore =
        metastoreName.equals("mariadb")
            ? Optional.of(new TcpProxy(this::mariaDb))
            : Optional.empty();
    this.s3 =
        new HttpProxy(
            () ->
                URI.create("http://%s:%d".formatted(setting("minio.address"), port("minio.port"))),
            seed);
  }

  /// Keys that lead all processes through here.
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("minio.address", s3.endpoint().getHost());
    settings.put("minio.port", Integer.toString(s3.endpoint().getPort()));
    metastore.ifPresent(proxy -> {
      settings.put("mysql.address", "127.0.0.1");
      settings.put("mysql.port", Integer.toString(proxy.port()));
    });
    return settings;
  }

  public HttpProxy s3() {
    return s3;
  }

  /// All that can go wrong with these connections.
  public List<Fault> faults() {
    List<Fault> faults = new ArrayList<>(metastoreFaults());
    faults.add(Fault.storm("S3 storm", s3, new Storm(0.3, Duration.ofSeconds(2), 0.02)));
    faults.add(Fault.storm("S3 loses answers", s3, new Storm(0, Duration.ZERO, 0.3)));
    return faults;
  }

  /// Empty where nothing stands before the metastore.
  public List<Fault> metastoreFaults() {
    return metastore.map(Wires::faultsOf).orElse(List.of());
  }

  private static List<Fault> faultsOf(TcpProxy proxy) {
    String link = "metastore link";
    return List.of(
        new LinkFault(link, "cut", proxy, Weather.CUT, MIN, MAX),
        new LinkFault(link, "answers held back", proxy, Weather.NO_ANSWERS, MIN, MAX),
        new LinkFault(link, "slow", proxy, Weather.slow(LAG), MIN, MAX),
        new LinkFault(link, "reset in answers", proxy, Weather.resetAfter(20_000), MIN, MAX));
  }

  /// One process alone is cut off from the metastore: it loses its leases, and goes on with all it has under
  /// way. Empty where nothing stands before the metastore.
  public Optional<Fault> withoutMetastore(String process, long pid, Duration hold) {
    return metastore.map(proxy -> new CutFault(process, pid, proxy, hold));
  }

  private InetSocketAddress mariaDb() {
    return new InetSocketAddress(setting("mysql.address"), port("mysql.port"));
  }

  private int port(String key) {
    return Integer.parseInt(setting(key));
  }

  /// A line of the file: `key: "value"`.
  private String setting(String key) {
    try {
      Matcher line =
          Pattern.compile("(?m)^" + Pattern.quote(key) + ": \"(.*)\"$")
              .matcher(Files.readString(configFile));
      if (!line.find()) {
        throw new IllegalStateException("no %s in %s".formatted(key, configFile));
      }
      return line.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    metastore.ifPresent(TcpProxy::close);
    s3.close();
  }
}
