package io.elanus.standalone;

import io.elanus.common.error.DbException;
import io.elanus.common.memory.DirectMemory;
import io.elanus.datacoord.CompactionLimits;
import io.elanus.datacoord.DataCoordConfig;
import io.elanus.datacoord.SnapshotLimits;
import io.elanus.datanode.DataNodeConfig;
import io.elanus.indexnode.IndexNodeConfig;
import io.elanus.proxy.ProxyConfig;
import io.elanus.proxy.security.SecurityConfig;
import io.elanus.proxy.write.Backlog;
import io.elanus.querycoord.QueryCoordConfig;
import io.elanus.querynode.QueryNodeConfig;
import io.elanus.rootcoord.RootCoordConfig;
import io.elanus.rootcoord.security.SecurityLimits;
import io.elanus.rpc.server.KeepAlive;
import io.elanus.rpc.server.RpcServerConfig;
import io.elanus.rpc.server.TlsConfig;
import io.elanus.standalone.config.Configuration;
import io.elanus.standalone.config.Key;
import io.elanus.standalone.config.Keys;
import io.elanus.standalone.config.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What a process and the roles in it are told: the configuration, as each part wants it.
///
/// @param backends that other processes have open too; empty when all data lies in the folder
/// @param folder of this process: caches, files under way, all data when it is embedded
/// @param zone where it runs; empty when unknown
/// @param gracefulStop how long handing over may take when the process is told to stop
/// @param cacheBytes, memoryBytes of segment and index files on a query node, on disk and mapped; 0 for any
/// @param flushBytes most that a shard's unflushed rows may take; a small heap lowers it
record ProcessConfig(
    Optional<SharedConfig> backends,
    Path folder,
    String zone,
    Duration gracefulStop,
    boolean spotNotice,
    Network network,
    long cacheBytes,
    long memoryBytes,
    long flushBytes,
    Duration flushAge,
    RootCoordConfig rootCoord,
    QueryCoordConfig queryCoord,
    DataCoordConfig dataCoord,
    Duration sessionTtl,
    ProxyConfig proxy) {
  private static final String EMBEDDED = "embedded";

  /// The part of the heap that reads of a query node share. Tails have half of it, see [RoleStarter].
  private static final int READS_OF_HEAP = 4;

  /// The part of the direct memory that a build may take.
  private static final int BUILDS_OF_DIRECT_MEMORY = 2;

  /// As long as an idle index node waits for work within one call.
  private static final Duration JOB_WAIT = Duration.ofSeconds(50);

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` with all that does not fit together
  static ProcessConfig of(Configuration from) {
    Problems problems = new Problems();
    boolean shared = isShared(from, problems);
    Optional<SharedConfig> backends = shared ? backends(from, problems) : Optional.empty();
    Network network = network(from, shared, problems);
    problems.refuse();
    return new ProcessConfig(
        backends,
        from.get(Keys.LOCAL_STORAGE).orElse(Path.of("data")),
        from.get(Keys.ZONE),
        from.get(Keys.GRACEFUL_STOP),
        from.get(Keys.SPOT_NOTICE),
        network,
        from.get(Keys.CACHE_DISK),
        from.get(Keys.CACHE_MEMORY),
        from.get(Keys.FLUSH_BYTES),
        from.get(Keys.FLUSH_AGE),
        rootCoord(from),
        new QueryCoordConfig(
            from.get(Keys.ELECTION_TTL),
            QueryCoordConfig.DEFAULT.requestTimeout(),
            QueryCoordConfig.DEFAULT.queuedCommands(),
            QueryCoordConfig.DEFAULT.statusWait()),
        dataCoord(from),
        from.get(Keys.SESSION_TTL),
        proxy(from));
  }

  /// Data of one process alone, or data that all share: a mixture is neither.
  private static boolean isShared(Configuration from, Problems problems) {
    boolean metaAlone = from.get(Keys.METASTORE_TYPE).equals(EMBEDDED);
    boolean logAlone = from.get(Keys.MQ_TYPE).equals(EMBEDDED);
    boolean objectsAlone = from.get(Keys.STORAGE_TYPE).equals("local");
    if (metaAlone != logAlone || logAlone != objectsAlone) {
      problems.add(
          "%s is %s, %s is %s, %s is %s: either all three belong to this process (embedded, embedded, local)"
              + " or all three are shared",
          Keys.METASTORE_TYPE.name(),
          from.get(Keys.METASTORE_TYPE),
          Keys.MQ_TYPE.name(),
          from.get(Keys.MQ_TYPE),
          Keys.STORAGE_TYPE.name(),
          from.get(Keys.STORAGE_TYPE));
    }
    return !metaAlone;
  }

  private static Optional<SharedConfig> backends(Configuration from, Problems problems) {
    try {
      return Optional.of(SharedConfig.of(from));
    } catch (IllegalArgumentException | DbException e) {
      problems.add("%s", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// Whether other processes work on the same data.
  boolean shared() {
    return backends.isPresent();
  }

  private static Network network(Configuration from, boolean shared, Problems problems) {
    String host = from.get(Keys.HOST);
    Optional<TlsConfig> internalTls = internalTls(from, problems);
    RpcServerConfig clients =
        new RpcServerConfig(
            host,
            from.get(Keys.PROXY_PORT),
            clientTls(from, problems),
            Network.limits(from.get(Keys.PROXY_MAX_MESSAGE))
                .withDrain(from.get(Keys.GRACEFUL_STOP)),
            KeepAlive.DEFAULT);
    RpcServerConfig internal =
        new RpcServerConfig(
            host,
            from.get(Keys.INTERNAL_PORT),
            internalTls,
            Network.limits(from.get(Keys.MAX_MESSAGE)),
            KeepAlive.DEFAULT);
    String advertised = OwnAddress.advertised(from.get(Keys.ADVERTISED_HOST), host);
    return new Network(
        host,
        from.get(Keys.METRICS_PORT),
        clients,
        shared ? Optional.of(new Network.Internal(internal, advertised)) : Optional.empty(),
        internalTls);
  }

  private static Optional<TlsConfig> clientTls(Configuration from, Problems problems) {
    int mode = from.get(Keys.TLS_MODE);
    if (mode == 0) {
      return Optional.empty();
    }
    Path certificate = require(from, Keys.TLS_CERTIFICATE, Keys.TLS_MODE, problems);
    Path key = require(from, Keys.TLS_KEY, Keys.TLS_MODE, problems);
    Optional<Path> authority =
        mode == 2
            ? Optional.of(require(from, Keys.TLS_AUTHORITY, Keys.TLS_MODE, problems))
            : Optional.empty();
    return Optional.of(new TlsConfig(certificate, key, authority));
  }

  private static Optional<TlsConfig> internalTls(Configuration from, Problems problems) {
    if (!from.get(Keys.INTERNAL_TLS)) {
      return Optional.empty();
    }
    return Optional.of(
        new TlsConfig(
            require(from, Keys.INTERNAL_TLS_CERTIFICATE, Keys.INTERNAL_TLS, problems),
            require(from, Keys.INTERNAL_TLS_KEY, Keys.INTERNAL_TLS, problems),
            Optional.of(require(from, Keys.INTERNAL_TLS_AUTHORITY, Keys.INTERNAL_TLS, problems))));
  }

  private static Path require(
      Configuration from, Key<Optional<Path>> key, Key<?> because, Problems problems) {
    if (from.get(key).isEmpty()) {
      problems.add(
          "%s: %s is %s, so %s has to name a file",
          from.source(because), because.name(), from.get(because), key.name());
    }
    return from.get(key).orElse(Path.of(""));
  }

  private static RootCoordConfig rootCoord(Configuration from) {
    return new RootCoordConfig(
            from.get(Keys.ELECTION_TTL),
            RootCoordConfig.DEFAULT.requestTimeout(),
            RootCoordConfig.DEFAULT.queuedCommands(),
            from.get(Keys.MAX_DATABASES),
            from.get(Keys.MAX_COLLECTIONS))
        .with(SecurityLimits.DEFAULT.with(from.get(Keys.MAX_USERS), from.get(Keys.MAX_ROLES)));
  }

  private static DataCoordConfig dataCoord(Configuration from) {
    return new DataCoordConfig(
            from.get(Keys.ELECTION_TTL),
            DataCoordConfig.DEFAULT.requestTimeout(),
            DataCoordConfig.DEFAULT.queuedCommands(),
            DataCoordConfig.DEFAULT.maxFlushes(),
            DataCoordConfig.DEFAULT.jobLease(),
            DataCoordConfig.Moves.DEFAULT.withDeathGrace(from.get(Keys.SESSION_TTL)))
        .with(
            CompactionLimits.DEFAULT.with(
                from.get(Keys.AUTO_COMPACTION), from.get(Keys.SEGMENT_BYTES)),
            from.get(Keys.SWEEP_GRACE))
        .withMinIndexRows(from.get(Keys.MIN_INDEX_ROWS))
        .with(SnapshotLimits.DEFAULT.with(from.get(Keys.MAX_SNAPSHOTS)));
  }

  private static ProxyConfig proxy(Configuration from) {
    ProxyConfig usual = ProxyConfig.ofVersion(Version.number());
    long backlog = Math.max(from.get(Keys.MAX_BACKLOG), 2 * from.get(Keys.FLUSH_BYTES));
    return new ProxyConfig(
            usual.version(),
            from.get(Keys.BOUNDED_STALENESS),
            usual.patience(),
            new Backlog.Limits(backlog, 2 * backlog))
        .with(from.get(Keys.AUTHORIZATION), security(from))
        .withSlowRead(from.get(Keys.SLOW_READ));
  }

  private static SecurityConfig security(Configuration from) {
    String password = from.get(Keys.ROOT_PASSWORD);
    return password.isEmpty()
        ? SecurityConfig.DEFAULT
        : new SecurityConfig(password, SecurityConfig.DEFAULT.iterations());
  }

  QueryNodeConfig queryNode() {
    return new QueryNodeConfig(
        folder.resolve("cache"),
        orAny(cacheBytes),
        orAny(memoryBytes),
        QueryNodeConfig.DEFAULT_PART_FROM_BYTES,
        Runtime.getRuntime().maxMemory() / READS_OF_HEAP,
        sessionTtl);
  }

  private static long orAny(long limit) {
    return limit == 0 ? Long.MAX_VALUE : limit;
  }

  /// @param heapShareBytes that one log's unflushed rows may take of this process's heap
  DataNodeConfig dataNode(long heapShareBytes) {
    return new DataNodeConfig(
        folder.resolve("scratch/datanode"),
        Math.min(flushBytes, heapShareBytes),
        flushAge,
        DataNodeConfig.DEFAULT_SEGMENT_ROWS,
        sessionTtl);
  }

  IndexNodeConfig indexNode(int threads) {
    return new IndexNodeConfig(
        folder.resolve("scratch/indexnode"),
        threads,
        DirectMemory.limit() / BUILDS_OF_DIRECT_MEMORY,
        JOB_WAIT,
        sessionTtl);
  }
}
