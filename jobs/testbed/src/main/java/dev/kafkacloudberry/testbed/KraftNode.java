package dev.kafkacloudberry.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broker and controller of a Kafka cluster of one.
 *
 * <p>Composed from the same two servers as Kafka's own start script, because that one ends the
 * whole JVM at a fault. Both get sockets that are bound before they are configured, so no port can
 * be taken by another process in between.
 */
final class KraftNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KraftNode.class);
  private static final int NODE_ID = 1;
  private static final String CLIENTS = "PLAINTEXT";
  private static final String CONTROLLER = "CONTROLLER";
  private static final String SASL = "SASL";
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(10);

  private final Map<String, ServerSocketChannel> sockets = new TreeMap<>();
  private final ControllerServer controller;
  private final BrokerServer broker;

  /**
   * Formats an empty directory and prepares the servers.
   *
   * @param directory holds metadata and messages
   * @param login for a second port, which asks for it; empty for none
   */
  KraftNode(Path directory, Optional<Login> login) {
    sockets.put(CLIENTS, bind());
    sockets.put(CONTROLLER, bind());
    login.ifPresent(user -> sockets.put(SASL, bind()));
    format(directory, login.map(Login::initialUsers).orElse(List.of()));
    Map<String, String> properties = properties(directory, login);
    KafkaConfig config = new KafkaConfig(properties, false);
    var directories = KafkaRaftServer.initializeLogDirs(config, LOG, "");
    MetaPropertiesEnsemble metaProperties = directories._1();
    BootstrapMetadata metadata = directories._2();
    SharedServer shared =
        new SharedServer(
            config,
            metaProperties,
            Time.SYSTEM,
            new Metrics(),
            CompletableFuture.completedFuture(Map.of(NODE_ID, address(CONTROLLER))),
            List.of(),
            (name, fatal, action) -> new LoggingFaultHandler(name, action),
            (listener, address, backlog, buffer) -> sockets.get(listener));
    broker = new BrokerServer(shared);
    controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), metadata);
  }

  /** Blocks until clients can connect. */
  void start() {
    controller.startup();
    broker.startup();
  }

  String bootstrapServers() {
    return hostAndPort(CLIENTS);
  }

  String saslBootstrapServers() {
    return hostAndPort(SASL);
  }

  @Override
  public void close() {
    broker.shutdown(SHUTDOWN_TIMEOUT);
    controller.shutdown();
    broker.awaitShutdown();
    controller.awaitShutdown();
    sockets.values().forEach(KraftNode::unbind);
  }

  private static void format(Path directory, List<String> users) {
    try {
      new Formatter()
          .setClusterId(Uuid.randomUuid().toString())
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
          .setNodeId(NODE_ID)
          .setControllerListenerName(CONTROLLER)
          .setMetadataLogDirectory(directory.toString())
          .addDirectory(directory.toString())
          .setScramArguments(users)
          .run();
    } catch (Exception e) {
      throw new IllegalStateException("Kafka cannot format " + directory, e);
    }
  }

  private Map<String, String> properties(Path directory, Optional<Login> login) {
    Map<String, String> properties = new HashMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", String.valueOf(NODE_ID));
    properties.put("log.dirs", directory.toString());
    properties.put(
        "listeners",
        sockets.keySet().stream()
            .map(listener -> listener + "://" + hostAndPort(listener))
            .collect(Collectors.joining(",")));
    properties.put(
        "listener.security.protocol.map",
        CLIENTS
            + ":PLAINTEXT,"
            + CONTROLLER
            + ":PLAINTEXT"
            + login.map(user -> "," + SASL + ":" + user.securityProtocol()).orElse(""));
    login.ifPresent(user -> properties.putAll(user.brokerProperties("listener.name.sasl.")));
    properties.put("inter.broker.listener.name", CLIENTS);
    properties.put("controller.listener.names", CONTROLLER);
    properties.put("controller.quorum.voters", NODE_ID + "@" + hostAndPort(CONTROLLER));

    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("group.initial.rebalance.delay.ms", "0");
    // A topic that a test forgot to create is an error, not an empty topic.
    properties.put("auto.create.topics.enable", "false");
    // Messages may carry timestamps of any age.
    properties.put("log.retention.ms", "-1");

    properties.put("num.network.threads", "1");
    properties.put("num.io.threads", "2");
    properties.put("background.threads", "1");
    properties.put("num.replica.fetchers", "1");
    properties.put("num.recovery.threads.per.data.dir", "1");
    // The default takes 128 MiB of heap.
    properties.put("log.cleaner.dedupe.buffer.size", "2097152");
    properties.put("metric.reporters", "");
    return properties;
  }

  private InetSocketAddress address(String listener) {
    try {
      return (InetSocketAddress) sockets.get(listener).getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String hostAndPort(String listener) {
    InetSocketAddress address = address(listener);
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static ServerSocketChannel bind() {
    try {
      ServerSocketChannel socket = ServerSocketChannel.open();
      socket.configureBlocking(false);
      return socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on 127.0.0.1", e);
    }
  }

  private static void unbind(ServerSocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
