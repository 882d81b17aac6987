package io.elanus.standalone;

import io.elanus.adapters.etcd.EtcdConfig;
import io.elanus.adapters.kafka.KafkaLogin;
import io.elanus.adapters.kafka.KafkaSecurity;
import io.elanus.adapters.kafka.KafkaTopic;
import io.elanus.adapters.kafka.KafkaWalConfig;
import io.elanus.adapters.mysql.Credentials;
import io.elanus.adapters.mysql.MySqlConfig;
import io.elanus.adapters.mysql.RdsToken;
import io.elanus.adapters.s3.S3Config;
import io.elanus.adapters.s3.S3Credentials;
import io.elanus.adapters.s3.S3Encryption;
import io.elanus.adapters.s3.S3Endpoint;
import io.elanus.adapters.s3.S3Limits;
import io.elanus.common.run.SystemRun;
import io.elanus.standalone.config.Configuration;
import io.elanus.standalone.config.Key;
import io.elanus.standalone.config.Keys;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Where the metastore, the log and the bucket of a cluster are.
record SharedConfig(Metastore meta, KafkaWalConfig log, S3Config objects) {
  sealed interface Metastore {
    record MySql(MySqlConfig config) implements Metastore {}

    record Etcd(EtcdConfig config) implements Metastore {}
  }

  private static final int KAFKA_RECORD_BYTES = 16 << 20;

  /// What S3-compatible servers take for theirs unless they are told another one.
  private static final String ANY_REGION = "us-east-1";

  /// @throws RuntimeException whose message says what an adapter cannot work with
  static SharedConfig of(Configuration from) {
    Metastore meta =
        from.get(Keys.METASTORE_TYPE).equals("etcd")
            ? new Metastore.Etcd(etcd(from))
            : new Metastore.MySql(mySql(from));
    return new SharedConfig(meta, kafka(from), s3(from));
  }

  private static EtcdConfig etcd(Configuration from) {
    return new EtcdConfig(
        from.get(Keys.ETCD_ENDPOINTS).stream().map(SharedConfig::etcdEndpoint).toList(),
        nonEmpty(from, Keys.ETCD_USER)
            .map(user -> new EtcdConfig.User(user, from.get(Keys.ETCD_PASSWORD))),
        etcdTls(from),
        from.get(Keys.ETCD_ROOT),
        EtcdConfig.DEFAULT_CALL_TIMEOUT);
  }

  /// Milvus's files have them with and without a scheme.
  private static EtcdConfig.Endpoint etcdEndpoint(String address) {
    return EtcdConfig.Endpoint.parse(address.replaceFirst("^https?://", ""));
  }

  private static EtcdConfig.Tls etcdTls(Configuration from) {
    if (!from.get(Keys.ETCD_TLS)) {
      return new EtcdConfig.Tls.Off();
    }
    Optional<EtcdConfig.ClientKey> client =
        from.get(Keys.ETCD_CERTIFICATE)
            .flatMap(certificate ->
                from.get(Keys.ETCD_KEY).map(key -> new EtcdConfig.ClientKey(certificate, key)));
    return new EtcdConfig.Tls.On(from.get(Keys.ETCD_AUTHORITY), client);
  }

  private static MySqlConfig mySql(Configuration from) {
    MySqlConfig.Tls tls =
        from.get(Keys.MYSQL_TLS)
            ? new MySqlConfig.Tls.Verified(from.get(Keys.MYSQL_AUTHORITY))
            : new MySqlConfig.Tls.Off();
    MySqlConfig.Server server =
        new MySqlConfig.Server(
            from.get(Keys.MYSQL_HOST), from.get(Keys.MYSQL_PORT), from.get(Keys.MYSQL_DATABASE));
    return new MySqlConfig(
        server,
        credentials(from, server),
        tls,
        from.get(Keys.MYSQL_TABLES),
        true,
        timing(from.get(Keys.ELECTION_TTL)));
  }

  private static Credentials credentials(Configuration from, MySqlConfig.Server server) {
    String user = from.get(Keys.MYSQL_USER);
    return from.get(Keys.MYSQL_IAM)
        ? RdsToken.ofThisProcess(
            new SystemRun()::wallMillis, server, user, require(from, Keys.MYSQL_REGION))
        : new Credentials.Password(user, from.get(Keys.MYSQL_PASSWORD));
  }

  /// Short enough that a lease is renewed over another connection when one hangs.
  private static MySqlConfig.Timing timing(Duration lease) {
    Duration half = lease.dividedBy(2);
    Duration least = Duration.ofSeconds(2);
    return new MySqlConfig.Timing(
        half.compareTo(least) < 0 ? least : half, MySqlConfig.Timing.DEFAULT.pollInterval());
  }

  private static KafkaWalConfig kafka(Configuration from) {
    boolean development = from.get(Keys.KAFKA_DEVELOPMENT);
    int replication =
        development && !from.isSet(Keys.KAFKA_REPLICATION) ? 1 : from.get(Keys.KAFKA_REPLICATION);
    KafkaTopic topic =
        new KafkaTopic(
            from.get(Keys.KAFKA_TOPIC),
            from.get(Keys.KAFKA_PARTITIONS),
            replication,
            KAFKA_RECORD_BYTES);
    return new KafkaWalConfig(
        String.join(",", from.get(Keys.KAFKA_BROKERS)),
        kafkaSecurity(from),
        topic,
        from.get(Keys.KAFKA_CREATE_TOPIC),
        development,
        KafkaWalConfig.DELIVERY_TIMEOUT,
        Map.of());
  }

  private static KafkaSecurity kafkaSecurity(Configuration from) {
    String protocol = from.get(Keys.KAFKA_PROTOCOL);
    Optional<KafkaSecurity.Tls> tls =
        protocol.endsWith("SSL")
            ? Optional.of(
                new KafkaSecurity.Tls(
                    from.get(Keys.KAFKA_AUTHORITY),
                    from.get(Keys.KAFKA_CERTIFICATE),
                    nonEmpty(from, Keys.KAFKA_KEY_PASSWORD)))
            : Optional.empty();
    Optional<KafkaLogin> login =
        protocol.startsWith("SASL") ? Optional.of(kafkaLogin(from)) : Optional.empty();
    return new KafkaSecurity(tls, login);
  }

  private static KafkaLogin kafkaLogin(Configuration from) {
    String mechanism = from.get(Keys.KAFKA_MECHANISM);
    return mechanism.equals("AWS_MSK_IAM")
        ? new KafkaLogin.AwsIam()
        : new KafkaLogin.Password(
            KafkaLogin.Mechanism.named(mechanism),
            require(from, Keys.KAFKA_USER),
            require(from, Keys.KAFKA_PASSWORD));
  }

  private static S3Config s3(Configuration from) {
    return new S3Config(
        from.get(Keys.S3_BUCKET),
        from.get(Keys.S3_ROOT),
        s3Endpoint(from),
        s3Credentials(from),
        s3Encryption(from),
        S3Limits.DEFAULT);
  }

  private static S3Endpoint s3Endpoint(Configuration from) {
    Optional<String> region = nonEmpty(from, Keys.S3_REGION);
    String host = from.get(Keys.S3_HOST);
    if (host.isEmpty()) {
      return new S3Endpoint(region, Optional.empty(), false);
    }
    String scheme = from.get(Keys.S3_TLS) ? "https" : "http";
    String address = host.contains(":") ? host : host + ":" + from.get(Keys.S3_PORT);
    boolean isAws = host.endsWith(".amazonaws.com");
    return new S3Endpoint(
        isAws ? region : region.or(() -> Optional.of(ANY_REGION)),
        Optional.of(URI.create(scheme + "://" + address)),
        !from.get(Keys.S3_VIRTUAL_HOST));
  }

  private static S3Credentials s3Credentials(Configuration from) {
    return from.get(Keys.S3_IAM)
        ? S3Credentials.DEFAULT_CHAIN
        : S3Credentials.of(require(from, Keys.S3_ACCESS_KEY), require(from, Keys.S3_SECRET_KEY));
  }

  private static S3Encryption s3Encryption(Configuration from) {
    return switch (from.get(Keys.S3_ENCRYPTION)) {
      case "AES256" -> S3Encryption.AES256;
      case "aws:kms" -> new S3Encryption.Kms(nonEmpty(from, Keys.S3_KMS_KEY));
      default -> S3Encryption.BUCKET_DEFAULT;
    };
  }

  private static Optional<String> nonEmpty(Configuration from, Key<String> key) {
    return Optional.of(from.get(key)).filter(text -> !text.isEmpty());
  }

  private static String require(Configuration from, Key<String> key) {
    return nonEmpty(from, key)
        .orElseThrow(() -> new IllegalArgumentException(key.name() + " has to be set"));
  }
}
