package dev.kafkacloudberry.cloudberry;

import dev.kafkacloudberry.plan.OperatorUids;
import dev.kafkacloudberry.sink.CloudberrySink;
import java.util.Optional;
import org.apache.flink.streaming.api.datastream.CustomSinkOperatorUidHashes;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.data.RowData;

/**
 * A sink whose operators a savepoint finds again. Flink's provider for sinks has no place for a
 * uid.
 *
 * @param name what plans and the web interface call it
 * @param uid tells it from the sinks of other imports
 * @param parallelism that of the query, unless there is one
 */
record NamedSink(CloudberrySink sink, String name, String uid, Optional<Integer> parallelism)
    implements DataStreamSinkProvider {

  @Override
  public DataStreamSink<?> consumeDataStream(ProviderContext context, DataStream<RowData> rows) {
    // As Flink's provider does: sinkTo() would leave it in the environment for later jobs as well.
    DataStreamSink<RowData> named =
        DataStreamSink.forSink(rows, sink, CustomSinkOperatorUidHashes.DEFAULT).name(name);
    OperatorUids.of(context, rows.getExecutionEnvironment(), uid)
        .ifPresent(
            one -> {
              named.uid(one);
              sink.isGivenUid();
            });
    named
        .getTransformation()
        .setParallelism(parallelism.orElseGet(rows::getParallelism), parallelism.isPresent());
    return named;
  }

  @Override
  public Optional<Integer> getParallelism() {
    return parallelism;
  }
}
