package dev.kafkacloudberry.plan;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.ExecutionConfigOptions.UidGeneration;
import org.apache.flink.table.connector.ProviderContext;

/**
 * Names the operators that keep state by what they stand for, so that a savepoint finds them in a
 * job whose script has changed around them. Flink by itself numbers the operators of a SQL job as
 * they are strung together: one WHERE more, and it looks for the state in vain.
 *
 * <p>In one job a name may be wanted twice, when a table is read twice or two INSERTs load the same
 * one. Flink does not tell a connector what else is in its job. But each job is planned in one go,
 * with the time of its start in the configuration, and so what comes again at the same time is in
 * the same job.
 */
public final class OperatorUids {

  /** Set by Flink's planner while it plans; it is what CURRENT_TIMESTAMP is made of in a batch. */
  private static final ConfigOption<Long> PLANNED_AT =
      ConfigOptions.key("__table.query-start.epoch-time__").longType().noDefaultValue();

  /** A compiled plan numbers its operators once and for all; to that this is added. */
  private static final String IN_COMPILED_PLAN = "import";

  private static final Map<StreamExecutionEnvironment, Job> JOBS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private OperatorUids() {}

  /**
   * The uid of an operator. Empty where Flink is to number it: in batch mode, which has no
   * savepoints, and with {@code table.exec.uid.generation} set to {@code DISABLED}, which also
   * finds the state of builds that named nothing.
   *
   * @param name of what the operator stands for, the same in each job
   */
  public static Optional<String> of(
      ProviderContext context, StreamExecutionEnvironment environment, String name) {
    ReadableConfig configuration = environment.getConfiguration();
    if (configuration.get(ExecutionConfigOptions.TABLE_EXEC_UID_GENERATION)
            == UidGeneration.DISABLED
        || configuration.get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH) {
      return Optional.empty();
    }
    return context
        .generateUid(IN_COMPILED_PLAN)
        .or(
            () ->
                configuration
                    .getOptional(PLANNED_AT)
                    .map(time -> job(environment, time).next(name)));
  }

  private static Job job(StreamExecutionEnvironment environment, long plannedAt) {
    return JOBS.compute(
        environment,
        (key, job) -> job == null || job.plannedAt() != plannedAt ? Job.at(plannedAt) : job);
  }

  /**
   * A job that is being planned.
   *
   * @param counts how often each name was given
   */
  private record Job(long plannedAt, Map<String, Integer> counts) {

    static Job at(long time) {
      return new Job(time, new HashMap<>());
    }

    String next(String name) {
      int count = counts.merge(name, 1, Integer::sum);
      return count == 1 ? name : name + " " + count;
    }
  }
}
