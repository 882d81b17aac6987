package io.elanus.adapters.kafka;

import io.elanus.common.error.ErrorCode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How a process speaks to Kafka's brokers: encrypted or not, logged in or not.
///
/// @param tls empty: not encrypted
/// @param login empty: the broker takes anybody, or knows us by the certificate of `tls`
public record KafkaSecurity(Optional<Tls> tls, Optional<KafkaLogin> login) {
  public static final KafkaSecurity NONE = new KafkaSecurity(Optional.empty(), Optional.empty());

  /// Files in PEM form.
  ///
  /// @param trusted certificates that sign the brokers'; empty: those the JDK trusts
  /// @param identity our private key (PKCS 8) and certificate chain in one file, where the brokers ask for it
  /// @param keyPassword of that key, when it is encrypted
  public record Tls(Optional<Path> trusted, Optional<Path> identity, Optional<String> keyPassword) {
    public static final Tls OF_THE_JDK =
        new Tls(Optional.empty(), Optional.empty(), Optional.empty());

    @Override
    public String toString() {
      return "Tls[trusted=%s, identity=%s]".formatted(trusted, identity);
    }
  }

  public KafkaSecurity {
    boolean iam = login.filter(l -> l instanceof KafkaLogin.AwsIam).isPresent();
    if (iam && tls.isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because("kafka login AWS_MSK_IAM needs TLS");
    }
  }

  /// Kafka's `security.protocol`.
  public String protocol() {
    return (login.isPresent() ? "SASL_" : "") + (tls.isPresent() ? "SSL" : "PLAINTEXT");
  }

  /// Settings of Kafka's clients.
  Map<String, String> clientProperties() {
    Map<String, String> properties = new TreeMap<>();
    properties.put("security.protocol", protocol());
    tls.ifPresent(files -> addTo(properties, files));
    login.ifPresent(who -> addTo(properties, who));
    return properties;
  }

  private static void addTo(Map<String, String> properties, Tls tls) {
    tls.trusted()
        .ifPresent(file -> {
          properties.put("ssl.truststore.type", "PEM");
          properties.put("ssl.truststore.location", file.toString());
        });
    tls.identity()
        .ifPresent(file -> {
          properties.put("ssl.keystore.type", "PEM");
          properties.put("ssl.keystore.location", file.toString());
        });
    tls.keyPassword().ifPresent(password -> properties.put("ssl.key.password", password));
  }

  private static void addTo(Map<String, String> properties, KafkaLogin login) {
    properties.put("sasl.mechanism", login.mechanismName());
    properties.put("sasl.jaas.config", login.jaasConfig());
    if (login instanceof KafkaLogin.AwsIam) {
      properties.put(
          "sasl.client.callback.handler.class",
          "software.amazon.msk.auth.iam.IAMClientCallbackHandler");
    }
  }
}
