package dev.kafkacloudberry.testbed;

import java.util.Locale;
import java.util.Map;

/** A user and a password, which a broker asks for in the clear: SASL_PLAINTEXT with PLAIN. */
public record SaslLogin(String user, String password) {

  private static final String MECHANISM = "PLAIN";
  private static final String MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";

  /** What a client of Kafka sets to log in. */
  public Map<String, String> clientProperties() {
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        MECHANISM,
        "sasl.jaas.config",
        "%s username=\"%s\" password=\"%s\";".formatted(MODULE, user, password));
  }

  Map<String, String> brokerProperties(String listener) {
    String prefix = "listener.name.%s.".formatted(listener.toLowerCase(Locale.ROOT));
    return Map.of(
        prefix + "sasl.enabled.mechanisms",
        MECHANISM,
        prefix + "plain.sasl.jaas.config",
        "%s user_%s=\"%s\";".formatted(MODULE, user, password));
  }
}
