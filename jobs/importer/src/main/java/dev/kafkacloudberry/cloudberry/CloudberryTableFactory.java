package dev.kafkacloudberry.cloudberry;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** {@code 'connector' = 'cloudberry'}. */
public final class CloudberryTableFactory implements DynamicTableSinkFactory {

  @Override
  public String factoryIdentifier() {
    return "cloudberry";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(CloudberryOptions.TABLE_NAME);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(
        CloudberryOptions.URL,
        CloudberryOptions.USERNAME,
        CloudberryOptions.PASSWORD,
        CloudberryOptions.PASSWORD_FILE,
        CloudberryOptions.CONNECT_TIMEOUT,
        CloudberryOptions.SOCKET_TIMEOUT,
        CloudberryOptions.SINK_ID,
        CloudberryOptions.SINK_MODE,
        CloudberryOptions.ON_TOPIC_CHANGE,
        CloudberryOptions.LOADED_BEFORE,
        CloudberryOptions.STAGING_DIR,
        CloudberryOptions.STAGING_ROLL_SIZE,
        CloudberryOptions.STAGING_RETENTION,
        CloudberryOptions.COPY_FORMAT,
        CloudberryOptions.ON_ERROR,
        CloudberryOptions.REJECT_LIMIT,
        CloudberryOptions.REJECT_LIMIT_WINDOW,
        CloudberryOptions.RETRY_TIMEOUT,
        CloudberryOptions.RETRY_FIRST_BACKOFF,
        CloudberryOptions.RETRY_LONGEST_BACKOFF,
        CloudberryOptions.LOCK_TIMEOUT,
        CloudberryOptions.LEDGER_SCHEMA,
        CloudberryOptions.LEDGER_RETENTION,
        FactoryUtil.SINK_PARALLELISM);
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    ReadableConfig options = helper.getOptions();
    ResolvedSchema schema = context.getCatalogTable().getResolvedSchema();
    if (schema.getPrimaryKey().isPresent()) {
      throw new ValidationException(
          "Table "
              + context.getObjectIdentifier().asSummaryString()
              + " declares a PRIMARY KEY. A cloudberry table appends rows and does not update them."
              + " Remove the key here; the table in the database may keep its own");
    }
    return new CloudberryTableSink(
        new CloudberryConfiguration(options, context.getConfiguration()),
        new DeclaredColumns(schema.getColumns()),
        context.getObjectIdentifier().getObjectName());
  }
}
