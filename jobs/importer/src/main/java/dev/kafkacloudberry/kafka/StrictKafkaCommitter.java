package dev.kafkacloudberry.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/**
 * Flink's Kafka committer, in which a transaction that Kafka has aborted ends the job: Flink only
 * logs it, and its rows would be missing in silence.
 */
@SuppressWarnings("try") // close() of the interface declares Exception
final class StrictKafkaCommitter implements Committer<KafkaCommittable> {

  private final Committer<KafkaCommittable> committer;
  private final ProducerTopics topics;

  StrictKafkaCommitter(Committer<KafkaCommittable> committer, ProducerTopics topics) {
    this.committer = committer;
    this.topics = topics;
  }

  @Override
  public void commit(Collection<CommitRequest<KafkaCommittable>> requests)
      throws IOException, InterruptedException {
    List<CommitRequest<KafkaCommittable>> strict = requests.stream().map(this::strict).toList();
    committer.commit(strict);
  }

  private CommitRequest<KafkaCommittable> strict(CommitRequest<KafkaCommittable> request) {
    // After a restore Kafka refuses a transaction that was committed before, too.
    boolean restored = request.getCommittable().getProducer().isEmpty();
    return restored ? request : new StrictRequest(request, topics);
  }

  @Override
  public void close() throws Exception {
    committer.close();
  }

  private record StrictRequest(CommitRequest<KafkaCommittable> request, ProducerTopics topics)
      implements CommitRequest<KafkaCommittable> {

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      throw DeliveryFailure.endOfJob(
          "The rows of a transaction are not in %s: Kafka has aborted it before its commit, as it does after 'properties.transaction.timeout.ms', or another job uses the same 'sink.transactional-id-prefix'. Start from an earlier checkpoint, with a longer timeout or a prefix of its own."
              .formatted(topics),
          reason);
    }

    @Override
    public KafkaCommittable getCommittable() {
      return request.getCommittable();
    }

    @Override
    public int getNumberOfRetries() {
      return request.getNumberOfRetries();
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      request.signalFailedWithUnknownReason(reason);
    }

    @Override
    public void retryLater() {
      request.retryLater();
    }

    @Override
    public void updateAndRetryLater(KafkaCommittable committable) {
      request.updateAndRetryLater(committable);
    }

    @Override
    public void signalAlreadyCommitted() {
      request.signalAlreadyCommitted();
    }
  }
}
