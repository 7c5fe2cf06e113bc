package dev.kafkacloudberry.testbed;

import java.util.List;
import java.util.Map;

/** How clients of a {@link KafkaBroker} prove who they are, on a port that asks for it. */
public sealed interface Login permits SaslLogin, ScramLogin {

  /** What a client of Kafka sets to log in. */
  Map<String, String> clientProperties();

  /** Kafka's name of what is spoken on the port. */
  String securityProtocol();

  /**
   * What the broker is configured with.
   *
   * @param prefix of the properties that are those of the port
   */
  Map<String, String> brokerProperties(String prefix);

  /** Users that the broker knows from its first start, as Kafka's storage tool takes them. */
  List<String> initialUsers();
}
