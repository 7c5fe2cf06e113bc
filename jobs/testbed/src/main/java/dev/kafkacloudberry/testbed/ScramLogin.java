package dev.kafkacloudberry.testbed;

import java.util.List;
import java.util.Map;

/**
 * A user and a password, of which a broker that shows its certificate asks for a proof: SASL_SSL
 * with SCRAM-SHA-512.
 */
public record ScramLogin(String user, String password, Certificates certificates) implements Login {

  private static final String MECHANISM = "SCRAM-SHA-512";
  private static final String MODULE =
      "org.apache.kafka.common.security.scram.ScramLoginModule required";

  @Override
  public Map<String, String> clientProperties() {
    return Map.of(
        "security.protocol",
        securityProtocol(),
        "sasl.mechanism",
        MECHANISM,
        "sasl.jaas.config",
        "%s username=\"%s\" password=\"%s\";".formatted(MODULE, user, password),
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        certificates.authority().toString());
  }

  @Override
  public String securityProtocol() {
    return "SASL_SSL";
  }

  @Override
  public Map<String, String> brokerProperties(String prefix) {
    return Map.of(
        prefix + "sasl.enabled.mechanisms",
        MECHANISM,
        prefix + "scram-sha-512.sasl.jaas.config",
        MODULE + ";",
        prefix + "ssl.keystore.type",
        "PEM",
        prefix + "ssl.keystore.location",
        certificates.server().toString());
  }

  @Override
  public List<String> initialUsers() {
    return List.of("%s=[name=%s,password=%s]".formatted(MECHANISM, user, password));
  }
}
