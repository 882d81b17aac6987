package io.elanus.adapters.kafka;

import io.elanus.common.error.ErrorCode;

/// Who a process is to Kafka's brokers (SASL).
public sealed interface KafkaLogin {
  /// How a password is shown to the broker.
  enum Mechanism {
    PLAIN("PLAIN", "plain.PlainLoginModule"),
    SCRAM_SHA_256("SCRAM-SHA-256", "scram.ScramLoginModule"),
    SCRAM_SHA_512("SCRAM-SHA-512", "scram.ScramLoginModule");

    private final String name;
    private final String module;

    Mechanism(String name, String module) {
      this.name = name;
      this.module = "org.apache.kafka.common.security." + module;
    }

    /// @param name as Kafka writes it, e.g. `SCRAM-SHA-512`
    public static Mechanism named(String name) {
      for (Mechanism mechanism : values()) {
        if (mechanism.name.equals(name)) {
          return mechanism;
        }
      }
      throw ErrorCode.INVALID_PARAMETER.because(
          "kafka login mechanism is '%s', must be PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or AWS_MSK_IAM",
          name);
    }
  }

  record Password(Mechanism mechanism, String user, String password) implements KafkaLogin {
    @Override
    public String toString() {
      return "Password[mechanism=%s, user=%s, password=***]".formatted(mechanism, user);
    }
  }

  /// The AWS identity of this process: environment, profile, container or instance role.
  record AwsIam() implements KafkaLogin {}

  /// Kafka's `sasl.mechanism`.
  default String mechanismName() {
    return switch (this) {
      case Password password -> password.mechanism().name;
      case AwsIam _ -> "AWS_MSK_IAM";
    };
  }

  /// Kafka's `sasl.jaas.config`, which holds the password.
  default String jaasConfig() {
    return switch (this) {
      case Password(Mechanism mechanism, String user, String password) ->
          "%s required username=\"%s\" password=\"%s\";"
              .formatted(mechanism.module, escaped(user), escaped(password));
      case AwsIam _ -> "software.amazon.msk.auth.iam.IAMLoginModule required;";
    };
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
