package dev.kafkacloudberry.testbed;

import java.util.List;
import java.util.Map;

/** A user and a password, which a broker asks for in the clear: SASL_PLAINTEXT with PLAIN. */
public record SaslLogin(String user, String password) implements Login {

  private static final String MECHANISM = "PLAIN";
  private static final String MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";

  @Override
  public Map<String, String> clientProperties() {
    return Map.of(
        "security.protocol",
        securityProtocol(),
        "sasl.mechanism",
        MECHANISM,
        "sasl.jaas.config",
        "%s username=\"%s\" password=\"%s\";".formatted(MODULE, user, password));
  }

  @Override
  public String securityProtocol() {
    return "SASL_PLAINTEXT";
  }

  @Override
  public Map<String, String> brokerProperties(String prefix) {
    return Map.of(
        prefix + "sasl.enabled.mechanisms",
        MECHANISM,
        prefix + "plain.sasl.jaas.config",
        "%s user_%s=\"%s\";".formatted(MODULE, user, password));
  }

  @Override
  public List<String> initialUsers() {
    return List.of();
  }
}
