package dev.kafkacloudberry.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes rows of messages: fields of key and value, then the value format's metadata, then the
 * message's. A message that the query cannot match is dropped undecoded.
 */
final class RowDeserializationSchema implements KafkaRecordDeserializationSchema<RowData> {

  private static final List<RowData> NO_FIELDS = List.of(new GenericRowData(0));

  private final TopicSelection selection;
  private final FieldDecoder keyDecoder;
  private final FieldDecoder valueDecoder;
  private final boolean decodesValues;
  private final List<MessageMetadata> metadata;
  private final int arity;
  private final TypeInformation<RowData> producedType;

  private transient long rows;

  /**
   * @param decodesValues whether values are decoded; otherwise there is one row for each that is
   *     not null
   */
  RowDeserializationSchema(
      TopicSelection selection,
      Optional<FieldDecoder> keyDecoder,
      FieldDecoder valueDecoder,
      boolean decodesValues,
      List<MessageMetadata> metadata,
      int arity,
      TypeInformation<RowData> producedType) {
    this.selection = selection;
    this.keyDecoder = keyDecoder.orElse(null);
    this.valueDecoder = valueDecoder;
    this.decodesValues = decodesValues;
    this.metadata = metadata;
    this.arity = arity;
    this.producedType = producedType;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) throws Exception {
    if (keyDecoder != null) {
      keyDecoder.format().open(context);
    }
    valueDecoder.format().open(context);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<RowData> out)
      throws IOException {
    if (!selection.of(message.partition()).offsets().contains(message.offset())) {
      return;
    }
    List<RowData> keys;
    List<RowData> values;
    try {
      keys = keys(message);
      values = values(message);
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          "The message at offset %d of partition %d of topic %s cannot be decoded."
              .formatted(message.offset(), message.partition(), message.topic()),
          e);
    }
    for (RowData value : values) {
      for (RowData key : keys) {
        out.collect(row((GenericRowData) key, (GenericRowData) value, message));
        rows++;
      }
    }
  }

  /** How many rows it has made. */
  long rows() {
    return rows;
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return producedType;
  }

  /** A message without a key has NULL in the key's fields. */
  private List<RowData> keys(ConsumerRecord<byte[], byte[]> message) throws IOException {
    return keyDecoder == null || message.key() == null
        ? NO_FIELDS
        : decoded(keyDecoder, message.key());
  }

  /** Of a value that is null, only the format knows whether it is a row. */
  private List<RowData> values(ConsumerRecord<byte[], byte[]> message) throws IOException {
    return decodesValues || message.value() == null
        ? decoded(valueDecoder, message.value())
        : NO_FIELDS;
  }

  private static List<RowData> decoded(FieldDecoder decoder, byte[] bytes) throws IOException {
    List<RowData> rows = new ArrayList<>(1);
    decoder.format().deserialize(bytes, new ListCollector<>(rows));
    return rows;
  }

  private RowData row(
      GenericRowData key, GenericRowData value, ConsumerRecord<byte[], byte[]> message) {
    GenericRowData row = new GenericRowData(value.getRowKind(), arity);
    if (key.getArity() > 0) {
      keyDecoder.copy(key, row);
    }
    if (value.getArity() > 0) {
      valueDecoder.copy(value, row);
    }
    int first = arity - metadata.size();
    for (int i = 0; i < metadata.size(); i++) {
      row.setField(first + i, metadata.get(i).read(message));
    }
    return row;
  }
}
