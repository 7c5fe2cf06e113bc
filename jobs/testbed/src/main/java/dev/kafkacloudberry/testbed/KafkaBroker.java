package dev.kafkacloudberry.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A real Kafka broker in this JVM, on an ephemeral loopback port. Topics are not created by use.
 *
 * <p>Every method blocks until the broker has answered.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Scratch scratch = new Scratch("testbed-kafka", this);
  private KraftNode node;
  private Admin admin;
  private Producer<byte[], byte[]> producer;

  private KafkaBroker() {}

  /** Starts a broker without topics. */
  public static KafkaBroker start() {
    return start(Optional.empty());
  }

  /** Starts a broker with a second port, which asks for this login. */
  public static KafkaBroker start(Login login) {
    return start(Optional.of(login));
  }

  private static KafkaBroker start(Optional<Login> login) {
    KafkaBroker broker = new KafkaBroker();
    try {
      broker.node = new KraftNode(broker.scratch.directory(), login);
      broker.node.start();
      broker.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
      // A new partition takes any sequence as a producer's first. With a second request in flight,
      // that can be the second batch; the first is then refused as out of order for ever.
      broker.producer = broker.producer(Map.of("max.in.flight.requests.per.connection", 1));
      return broker;
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** Host and port for clients. */
  public String bootstrapServers() {
    return node.bootstrapServers();
  }

  /** Host and port for clients that log in. */
  public String saslBootstrapServers() {
    return node.saslBootstrapServers();
  }

  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  /**
   * Creates a topic.
   *
   * @param configs topic-level settings such as {@code cleanup.policy}
   */
  public void createTopic(String name, int partitions, Map<String, String> configs) {
    NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
    await(admin.createTopics(List.of(topic)).all());
    // The broker knows and leads the partitions a little later. A batch that it refuses until then
    // can be overtaken by the next one, and is out of order for ever.
    List<TopicPartition> created =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(name, partition))
            .toList();
    Futures.awaitTrue(() -> leads(created), TIMEOUT, "the broker leads the partitions of " + name);
  }

  private boolean leads(List<TopicPartition> partitions) {
    try {
      offsets(partitions, OffsetSpec.latest());
      return true;
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof RetriableException) {
        return false;
      }
      throw e;
    }
  }

  public void deleteTopic(String name) {
    await(admin.deleteTopics(List.of(name)).all());
  }

  /** Removes a partition's messages before an offset, as retention does. */
  public void deleteRecords(String topic, int partition, long beforeOffset) {
    await(
        admin
            .deleteRecords(
                Map.of(
                    new TopicPartition(topic, partition),
                    RecordsToDelete.beforeOffset(beforeOffset)))
            .all());
  }

  /**
   * Sends messages in order and waits until all are acknowledged.
   *
   * @throws IllegalStateException when one was not
   */
  public void produce(String topic, Iterable<Message> messages) {
    AtomicReference<Exception> failure = new AtomicReference<>();
    for (Message message : messages) {
      producer.send(
          new ProducerRecord<>(topic, message.partition(), message.key(), message.value()),
          (metadata, error) -> {
            if (error != null) {
              failure.compareAndSet(null, error);
            }
          });
    }
    producer.flush();
    if (failure.get() != null) {
      throw new IllegalStateException("not all messages reached " + topic, failure.get());
    }
  }

  /** Sends one message, see {@link #produce(String, Iterable)}. */
  public void produce(String topic, Message message) {
    produce(topic, List.of(message));
  }

  /**
   * A producer of one's own, for transactions say; the caller closes it.
   *
   * @param settings override the defaults
   */
  public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>();
    all.put("bootstrap.servers", bootstrapServers());
    all.put("acks", "all");
    all.putAll(settings);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The offset that the next message of each partition gets. */
  public Map<Integer, Long> endOffsets(String topic) {
    return offsets(partitions(topic), OffsetSpec.latest());
  }

  /** The offset of each partition's first message that is still there. */
  public Map<Integer, Long> beginningOffsets(String topic) {
    return offsets(partitions(topic), OffsetSpec.earliest());
  }

  /** Every committed message of a topic, ordered by partition and offset. */
  public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    forEach(topic, records::add);
    records.sort(
        Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(ConsumerRecord::partition)
            .thenComparingLong(ConsumerRecord::offset));
    return records;
  }

  /** Hands on every committed message of a topic; only within a partition they are in order. */
  public void forEach(
      String topic, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> action) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = partitions(topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(action);
      }
    }
  }

  /** Ends the broker and removes its messages. */
  @Override
  public void close() {
    try {
      if (producer != null) {
        producer.close(Duration.ZERO);
      }
      if (admin != null) {
        admin.close(Duration.ZERO);
      }
      if (node != null) {
        node.close();
      }
    } finally {
      scratch.close();
    }
  }

  private Map<Integer, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> query = new HashMap<>();
    partitions.forEach(partition -> query.put(partition, which));
    Map<Integer, Long> offsets = new TreeMap<>();
    await(admin.listOffsets(query).all())
        .forEach((partition, result) -> offsets.put(partition.partition(), result.offset()));
    return offsets;
  }

  private List<TopicPartition> partitions(String topic) {
    return await(admin.describeTopics(List.of(topic)).allTopicNames())
        .get(topic)
        .partitions()
        .stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  private static <T> T await(KafkaFuture<T> answer) {
    return Futures.await(answer.toCompletionStage().toCompletableFuture(), TIMEOUT);
  }
}
