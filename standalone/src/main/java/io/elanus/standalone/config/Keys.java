package io.elanus.standalone.config;

import io.elanus.datacoord.DataCoordConfig;
import io.elanus.datacoord.SnapshotLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The one table of keys. Reading, `elanus config --help` and `docs/operations/configuration.md` are made
/// from it. Names, meanings and units are those of `milvus.yaml` where there is such a key.
public final class Keys {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final long MIB = 1L << 20;
  private static final long MAX_BYTES = 1L << 50;
  private static final List<Key<?>> TABLE = new ArrayList<>();

  // The process

  public static final Key<Optional<Path>> LOCAL_STORAGE =
      file(
          "localStorage.path",
          "data",
          "Folder for what this process keeps: all data when it is embedded, else caches and files under way.");
  public static final Key<String> HOST =
      text(
          "process.host",
          "127.0.0.1",
          "Address that all ports of the process are bound to; `0.0.0.0` for all interfaces.");
  public static final Key<String> ADVERTISED_HOST =
      text(
          "process.advertisedHost",
          "",
          "Name or address by which other processes reach this one; empty for `process.host`, or for the"
              + " address of the machine when that is a wildcard.");
  public static final Key<Integer> INTERNAL_PORT =
      port(
          "process.internalPort",
          0,
          "Port of the services that roles offer each other; 0 for any free one, others find it through the"
              + " metastore. Not opened when all roles share the process and its data.");
  public static final Key<String> ZONE =
      text(
          "process.zone",
          "",
          "Availability zone the process runs in; copies of what is served are spread over zones.");
  public static final Key<Integer> METRICS_PORT =
      port("metrics.port", 9091, "Port of health and metrics; 0 for any free one.", "METRICS_PORT");
  public static final Key<Duration> GRACEFUL_STOP =
      span(
          "common.gracefulStopTimeout",
          SECOND,
          Duration.ofSeconds(100),
          SECOND,
          Duration.ofHours(1),
          "How long a process that was told to stop may take to hand over what it holds.");
  public static final Key<Boolean> SPOT_NOTICE =
      flag(
          "process.spotNotice",
          "Asks the instance metadata service of AWS whether this spot instance is taken back, and stops in good"
              + " order when it is. On ECS and Fargate the notice is a signal, which needs no key.");
  public static final Key<String> LOG_LEVEL =
      choice("log.level", "info", "How much is logged.", "trace", "debug", "info", "warn", "error");
  public static final Key<String> LOG_FORMAT =
      choice("log.format", "text", "How a line of the log is written.", "text", "json");

  // What processes share

  public static final Key<String> METASTORE_TYPE =
      choice(
          "metastore.type",
          "embedded",
          "What keeps the catalog and who is who: a file of this process alone, etcd, or a server that speaks"
              + " MySQL's protocol (MySQL, Aurora, MariaDB).",
          "embedded",
          "etcd",
          "mysql");
  public static final Key<String> MQ_TYPE =
      choice(
          "mq.type",
          "embedded",
          "What keeps the log: files of this process alone, or Kafka (MSK).",
          "embedded",
          "kafka");
  public static final Key<String> STORAGE_TYPE =
      choice(
          "common.storageType",
          "local",
          "What keeps segments and indexes: a folder of this process alone, or an S3 bucket.",
          "local",
          "remote");

  // etcd, for metastore.type etcd

  public static final Key<List<String>> ETCD_ENDPOINTS =
      texts(
          "etcd.endpoints",
          "localhost:2379",
          "Servers of the etcd cluster, any of them.",
          "ETCD_ENDPOINTS");
  public static final Key<String> ETCD_ROOT =
      text("etcd.rootPath", "elanus", "Begins all keys: clusters that share an etcd differ in it.");
  public static final Key<String> ETCD_USER =
      text("etcd.auth.userName", "", "Who we are to etcd; empty when it asks nobody.");
  public static final Key<String> ETCD_PASSWORD =
      secret("etcd.auth.password", "The password of that user.");
  public static final Key<Boolean> ETCD_TLS = flag("etcd.ssl.enabled", "TLS to etcd.");
  public static final Key<Optional<Path>> ETCD_CERTIFICATE =
      file("etcd.ssl.tlsCert", "", "Our certificate chain (PEM), where etcd asks for one.");
  public static final Key<Optional<Path>> ETCD_KEY =
      file("etcd.ssl.tlsKey", "", "Its private key (PEM, PKCS #8).");
  public static final Key<Optional<Path>> ETCD_AUTHORITY =
      file(
          "etcd.ssl.tlsCACert",
          "",
          "Who signs etcd's certificate (PEM); empty: whom the JDK trusts.");

  // MySQL, for metastore.type mysql

  public static final Key<String> MYSQL_HOST =
      text("mysql.address", "localhost", "The server; for Aurora the cluster's writer endpoint.");
  public static final Key<Integer> MYSQL_PORT = port("mysql.port", 3306, "Its port.");
  public static final Key<String> MYSQL_DATABASE =
      text("mysql.dbName", "elanus", "The database, which has to be there.");
  public static final Key<String> MYSQL_TABLES =
      text(
          "mysql.tablePrefix",
          "elanus",
          "Begins the names of all tables: clusters that share a database differ in it.");
  public static final Key<String> MYSQL_USER =
      text("mysql.username", "elanus", "Who we are to the server.");
  public static final Key<String> MYSQL_PASSWORD =
      secret("mysql.password", "The password of that user.");
  public static final Key<Boolean> MYSQL_IAM =
      flag(
          "mysql.useIAM",
          "Instead of a password, tokens made with the AWS identity of this process. Needs TLS.");
  public static final Key<String> MYSQL_REGION =
      text("mysql.region", "", "AWS region of the database, for tokens.", "AWS_REGION");
  public static final Key<Boolean> MYSQL_TLS =
      flag("mysql.useTLS", "TLS to the server, which has to prove its name.");
  public static final Key<Optional<Path>> MYSQL_AUTHORITY =
      file(
          "mysql.tlsCACert",
          "",
          "Who signs its certificate (PEM; for RDS Amazon's bundle); empty: whom the JDK trusts.");

  // Kafka, for mq.type kafka

  public static final Key<List<String>> KAFKA_BROKERS =
      texts(
          "kafka.brokerList",
          "localhost:9092",
          "Brokers of the Kafka cluster, any of them.",
          "KAFKA_BROKERLIST");
  public static final Key<String> KAFKA_TOPIC =
      text(
          "kafka.topic",
          "elanus",
          "The topic that is the log; clusters that share brokers differ in it.");
  public static final Key<Integer> KAFKA_PARTITIONS =
      whole(
          "kafka.partitions",
          16,
          1,
          10_000,
          "Partitions of the topic, the logs of the cluster: fixed for its life.");
  public static final Key<Integer> KAFKA_REPLICATION =
      whole(
          "kafka.replicationFactor", 3, 1, 15, "Copies of each record; 1 is for development only.");
  public static final Key<Boolean> KAFKA_DEVELOPMENT =
      flag(
          "kafka.development",
          "Takes one copy of each record, which is lost with its disk, and makes the topic so.");
  public static final Key<Boolean> KAFKA_CREATE_TOPIC =
      flag("kafka.createTopic", true, "Makes the topic when it is missing.");
  public static final Key<String> KAFKA_PROTOCOL =
      choice(
          "kafka.securityProtocol",
          "PLAINTEXT",
          "Whether connections are encrypted, and whether we log in.",
          "PLAINTEXT",
          "SSL",
          "SASL_PLAINTEXT",
          "SASL_SSL");
  public static final Key<String> KAFKA_MECHANISM =
      choice(
          "kafka.saslMechanisms",
          "SCRAM-SHA-512",
          "How we log in.",
          "PLAIN",
          "SCRAM-SHA-256",
          "SCRAM-SHA-512",
          "AWS_MSK_IAM");
  public static final Key<String> KAFKA_USER =
      text("kafka.saslUsername", "", "Who we are to the brokers; not for AWS_MSK_IAM.");
  public static final Key<String> KAFKA_PASSWORD =
      secret("kafka.saslPassword", "The password of that user.");
  public static final Key<Optional<Path>> KAFKA_AUTHORITY =
      file(
          "kafka.ssl.tlsCaCert",
          "",
          "Who signs the brokers' certificates (PEM); empty: whom the JDK trusts.");
  public static final Key<Optional<Path>> KAFKA_CERTIFICATE =
      file(
          "kafka.ssl.tlsCert",
          "",
          "Our private key and certificate chain in one file (PEM), where brokers ask for them.");
  public static final Key<String> KAFKA_KEY_PASSWORD =
      secret("kafka.ssl.tlsKeyPassword", "Of that key, when it is encrypted.");

  // S3, for common.storageType remote

  public static final Key<String> S3_HOST =
      text(
          "minio.address",
          "",
          "An S3-compatible server, `host` or `host:port`; empty: Amazon S3.",
          "MINIO_ADDRESS");
  public static final Key<Integer> S3_PORT =
      port("minio.port", 9000, "Its port, unless the address has one.");
  public static final Key<Boolean> S3_TLS =
      flag("minio.useSSL", "TLS to that server.", "MINIO_USE_SSL");
  public static final Key<String> S3_REGION =
      text(
          "minio.region",
          "",
          "Region of the bucket; empty: as AWS's environment says, and us-east-1 at another `minio.address`.",
          "MINIO_REGION");
  public static final Key<String> S3_BUCKET =
      text("minio.bucketName", "elanus", "The bucket, which has to be there.", "MINIO_BUCKET_NAME");
  public static final Key<String> S3_ROOT =
      text(
          "minio.rootPath",
          "elanus",
          "Begins all keys: clusters that share a bucket differ in it.");
  public static final Key<Boolean> S3_VIRTUAL_HOST =
      flag(
          "minio.useVirtualHost",
          "`bucket.host/key` instead of `host/bucket/key`; on Amazon S3 always so.");
  public static final Key<Boolean> S3_IAM =
      flag(
          "minio.useIAM",
          "The AWS identity of this process (its default credential chain) instead of keys.");
  public static final Key<String> S3_ACCESS_KEY =
      text("minio.accessKeyID", "", "Who we are to the server.", "MINIO_ACCESS_KEY_ID");
  public static final Key<String> S3_SECRET_KEY =
      secret("minio.secretAccessKey", "The secret of that key.", "MINIO_SECRET_ACCESS_KEY");
  public static final Key<String> S3_ENCRYPTION =
      choice(
          "minio.sse",
          "",
          "How the bucket encrypts what we write; empty: as it is configured.",
          "",
          "AES256",
          "aws:kms");
  public static final Key<String> S3_KMS_KEY =
      text("minio.kmsKeyId", "", "Key of KMS for aws:kms; empty: the account's own for S3.");

  // Coordination

  public static final Key<Duration> ELECTION_TTL =
      span(
          "common.election.ttl",
          SECOND,
          Duration.ofSeconds(5),
          SECOND,
          Duration.ofMinutes(1),
          "How long a coordinator that died stays the leader: a standby takes over after that.");
  public static final Key<Duration> SESSION_TTL =
      span(
          "common.session.ttl",
          SECOND,
          Duration.ofSeconds(8),
          SECOND,
          Duration.ofMinutes(5),
          "How long a node that died stays registered: its work is given to others after that.");

  // Roles

  public static final Key<Integer> PROXY_PORT =
      port("proxy.port", 19530, "Port of Milvus clients, gRPC and REST; 0 for any free one.");
  public static final Key<Long> PROXY_MAX_MESSAGE =
      size(
          "proxy.grpc.serverMaxRecvSize",
          256 * MIB,
          MIB,
          1024 * MIB,
          "Largest request of a client.");
  public static final Key<Duration> SLOW_READ =
      span(
          "proxy.slowQuerySpanInSeconds",
          SECOND,
          Duration.ofSeconds(5),
          Duration.ZERO,
          Duration.ofHours(1),
          "A search or query that takes this long is told of in the log, with its filter and parameters.");
  public static final Key<Long> MAX_BACKLOG =
      size(
          "proxy.maxShardBacklog",
          1024 * MIB,
          MIB,
          1024 * 1024 * MIB,
          "Most bytes of a shard's records, as far as this proxy wrote them, that no segment holds yet: beyond it"
              + " writes to the shard are refused, and beyond twice as much those to its whole log. At least twice"
              + " `dataNode.segment.flushBytes`, and less when all roles share one heap.");
  public static final Key<Long> MAX_MESSAGE =
      size("grpc.serverMaxRecvSize", 256 * MIB, MIB, 1024 * MIB, "Largest request between roles.");
  public static final Key<Duration> BOUNDED_STALENESS =
      span(
          "common.gracefulTime",
          MILLISECOND,
          Duration.ofSeconds(5),
          Duration.ZERO,
          Duration.ofHours(1),
          "How old the answer of a search of consistency level Bounded may be.");
  public static final Key<Integer> MAX_DATABASES =
      whole("rootCoord.maxDatabaseNum", 64, 1, 1_000_000, "Databases of the cluster.");
  public static final Key<Integer> MAX_COLLECTIONS =
      whole(
          "quotaAndLimits.limits.maxCollectionNum",
          65_536,
          1,
          10_000_000,
          "Collections of the cluster.");
  public static final Key<Long> CACHE_DISK =
      size(
          "queryNode.cache.diskBytes",
          0,
          0,
          MAX_BYTES,
          "Segment and index files kept on disk at most; 0 for as many as there is room for.");
  public static final Key<Long> CACHE_MEMORY =
      size(
          "queryNode.cache.memoryBytes",
          0,
          0,
          MAX_BYTES,
          "Segment and index files in use at most, as they are mapped: what a node is given is measured by"
              + " it; 0 for any amount.");
  public static final Key<Long> FLUSH_BYTES =
      size(
          "dataNode.segment.flushBytes",
          512 * MIB,
          MIB,
          64 * 1024 * MIB,
          "A shard whose unflushed rows take this much is flushed, and sooner when the heap is small.");
  public static final Key<Duration> FLUSH_AGE =
      span(
          "dataNode.segment.syncPeriod",
          SECOND,
          Duration.ofSeconds(600),
          SECOND,
          Duration.ofDays(1),
          "A shard whose oldest unflushed row is this old is flushed.");
  public static final Key<Long> SEGMENT_BYTES =
      size(
          "dataCoord.segment.maxSize",
          1024 * MIB,
          MIB,
          1024 * MIB,
          "Segments are merged until their files have this size.");
  public static final Key<Boolean> AUTO_COMPACTION =
      flag(
          "dataCoord.compaction.enableAutoCompaction",
          true,
          "Whether small segments are merged, and deleted and expired rows purged, without being asked for. A"
              + " collection's `collection.autocompaction.enabled` = `false` says otherwise for itself.");
  public static final Key<Integer> MIN_INDEX_ROWS =
      whole(
          "indexCoord.segment.minSegmentNumRowsToEnableIndex",
          DataCoordConfig.DEFAULT.minIndexRows(),
          1,
          10_000_000,
          "Rows of the smallest segment that gets index files; smaller ones are scanned.");
  public static final Key<Duration> SWEEP_GRACE =
      span(
          "dataCoord.gc.dropTolerance",
          SECOND,
          Duration.ofMinutes(15),
          SECOND,
          Duration.ofDays(30),
          "How long an object of the bucket that nothing names any more is kept at least.");
  public static final Key<Integer> MAX_SNAPSHOTS =
      whole(
          "dataCoord.snapshot.maxSnapshotNum",
          SnapshotLimits.DEFAULT.maxOfCollection(),
          1,
          10_000,
          "Snapshots of a collection. Each keeps what it names in the bucket.");

  // Security

  public static final Key<Boolean> AUTHORIZATION =
      flag(
          "common.security.authorizationEnabled",
          "Clients have to log in, and may do what their roles allow. The same in all proxies of a cluster.");
  public static final Key<String> ROOT_PASSWORD =
      secret(
          "common.security.defaultRootPassword",
          "Password of the user root as long as nobody has changed it; empty for `Milvus`, which everybody"
              + " knows. The same in all proxies of a cluster.");
  public static final Key<Integer> MAX_USERS =
      whole("proxy.maxUserNum", 100, 1, 10_000, "Users of the cluster, root among them.");
  public static final Key<Integer> MAX_ROLES =
      whole(
          "proxy.maxRoleNum",
          10,
          2,
          1_000,
          "Roles of the cluster, `admin` and `public` among them.");
  public static final Key<Integer> TLS_MODE =
      whole(
          "common.security.tlsMode",
          0,
          0,
          2,
          "TLS of clients: 0 none, 1 the server shows a certificate, 2 clients have to show one too.");
  public static final Key<Optional<Path>> TLS_CERTIFICATE =
      file("tls.serverPemPath", "", "The server's certificate chain (PEM).");
  public static final Key<Optional<Path>> TLS_KEY =
      file("tls.serverKeyPath", "", "Its private key (PEM, PKCS #8).");
  public static final Key<Optional<Path>> TLS_AUTHORITY =
      file("tls.caPemPath", "", "Who signs the certificates of clients (PEM), for mode 2.");
  public static final Key<Boolean> INTERNAL_TLS =
      flag(
          "common.security.internaltlsEnabled", "TLS between roles; both ends show a certificate.");
  public static final Key<Optional<Path>> INTERNAL_TLS_CERTIFICATE =
      file(
          "internaltls.serverPemPath",
          "",
          "This process's certificate chain (PEM), for the name or address it advertises.");
  public static final Key<Optional<Path>> INTERNAL_TLS_KEY =
      file("internaltls.serverKeyPath", "", "Its private key (PEM, PKCS #8).");
  public static final Key<Optional<Path>> INTERNAL_TLS_AUTHORITY =
      file("internaltls.caPemPath", "", "Who signs the certificates of all roles (PEM).");

  /// All keys, in the order of the documentation.
  public static final List<Key<?>> ALL = Collections.unmodifiableList(TABLE);

  private Keys() {}

  public static Optional<Key<?>> find(String name) {
    return ALL.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  private static <T> Key<T> add(
      String name, Kind<T> kind, T initial, String doc, String... aliases) {
    Key<T> key = new Key<>(name, kind, initial, doc, List.of(aliases));
    TABLE.add(key);
    return key;
  }

  private static Key<String> text(String name, String initial, String doc, String... aliases) {
    return add(name, new Kind.Text(), initial, doc, aliases);
  }

  private static Key<Optional<Path>> file(String name, String initial, String doc) {
    Kind.File kind = new Kind.File();
    return add(name, kind, kind.parse(initial).orElseThrow(), doc);
  }

  private static Key<List<String>> texts(
      String name, String initial, String doc, String... aliases) {
    return add(name, new Kind.Texts(), List.of(initial), doc, aliases);
  }

  private static Key<String> secret(String name, String doc, String... aliases) {
    return add(name, new Kind.Secret(), "", doc, aliases);
  }

  private static Key<Boolean> flag(String name, String doc, String... aliases) {
    return flag(name, false, doc, aliases);
  }

  private static Key<Boolean> flag(String name, boolean initial, String doc, String... aliases) {
    return add(name, new Kind.Flag(), initial, doc, aliases);
  }

  private static Key<String> choice(String name, String initial, String doc, String... values) {
    return add(name, new Kind.Choice(List.of(values)), initial, doc);
  }

  private static Key<Integer> whole(String name, int initial, int min, int max, String doc) {
    return add(name, new Kind.Whole(min, max), initial, doc);
  }

  private static Key<Integer> port(String name, int initial, String doc, String... aliases) {
    return add(name, new Kind.Whole(0, 65_535), initial, doc, aliases);
  }

  private static Key<Long> size(String name, long initial, long min, long max, String doc) {
    return add(name, new Kind.Size(min, max), initial, doc);
  }

  private static Key<Duration> span(
      String name, Duration plain, Duration initial, Duration min, Duration max, String doc) {
    return add(name, new Kind.Span(plain, min, max), initial, doc);
  }
}
