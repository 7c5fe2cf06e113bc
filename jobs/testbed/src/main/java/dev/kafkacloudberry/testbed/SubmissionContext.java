package dev.kafkacloudberry.testbed;

import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Decides what {@code getExecutionEnvironment} returns; only a subclass may. */
@SuppressWarnings("try") // close() of the environment declares Exception
final class SubmissionContext extends StreamExecutionEnvironment {
  private SubmissionContext() {}

  /** Runs a program whose environments have this configuration beneath their own. */
  static <T> T call(Configuration configuration, Callable<T> program) throws Exception {
    initializeContextEnvironment(
        own -> {
          Configuration merged = new Configuration(configuration);
          merged.addAll(own);
          return new StreamExecutionEnvironment(merged);
        });
    try {
      return program.call();
    } finally {
      resetContextEnvironment();
    }
  }
}
