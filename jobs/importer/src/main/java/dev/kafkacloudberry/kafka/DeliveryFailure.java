package dev.kafkacloudberry.kafka;

import java.util.Optional;
import java.util.Set;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * What becomes of an error of the producer: a failure that a restart can mend, or the job's end.
 */
final class DeliveryFailure {

  /** Errors that the same row meets again after every restart. */
  private static final Set<Class<? extends ApiException>> LASTING =
      Set.of(
          AuthenticationException.class,
          AuthorizationException.class,
          InvalidRecordException.class,
          InvalidTimestampException.class,
          InvalidTopicException.class,
          PolicyViolationException.class,
          RecordBatchTooLargeException.class,
          RecordTooLargeException.class);

  private DeliveryFailure() {}

  /**
   * Ends the job for good if a restart would meet the error again.
   *
   * @throws SuppressRestartsException if so, with the reason
   */
  static void endJobIfLasting(Throwable error, ProducerTopics topics) {
    Optional<Throwable> lasting = ExceptionUtils.findThrowable(error, DeliveryFailure::isLasting);
    if (lasting.isPresent()) {
      throw endOfJob("A row cannot be delivered to %s.".formatted(topics), lasting.get());
    }
  }

  /**
   * The exception that ends a job for good, with Kafka's innermost reason behind this one. What was
   * caught is suppressed, see {@link KafkaReadException}.
   */
  static SuppressRestartsException endOfJob(String reason, Throwable caught) {
    Throwable innermost = caught;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    IllegalStateException explained =
        new IllegalStateException("%s Kafka says: %s".formatted(reason, innermost.getMessage()));
    explained.addSuppressed(caught);
    return new SuppressRestartsException(explained);
  }

  private static boolean isLasting(Throwable error) {
    return LASTING.stream().anyMatch(type -> type.isInstance(error));
  }
}
