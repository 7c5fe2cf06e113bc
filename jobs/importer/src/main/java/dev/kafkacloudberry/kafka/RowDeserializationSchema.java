package dev.kafkacloudberry.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes rows of messages: fields of key and value, then the value format's metadata, then the
 * message's. A message that the query cannot match is dropped undecoded.
 */
final class RowDeserializationSchema implements KafkaRecordDeserializationSchema<RowData> {

  private static final RowData NO_FIELDS = new GenericRowData(0);
  private static final OffsetRanges.Range NOWHERE = new OffsetRanges.Range(0, 0);

  private final TopicSelection selection;
  private final FieldDecoder keyDecoder;
  private final FieldDecoder valueDecoder;
  private final boolean decodesValues;
  private final MessageMetadata[] metadata;
  private final Junk junk;
  private final int arity;
  private final TypeInformation<RowData> producedType;

  private transient Decoded keys;
  private transient Decoded values;
  private transient int partition;
  private transient OffsetRanges selected;
  private transient OffsetRanges.Range range;
  private transient long rows;

  /** What a key or a value has been decoded to. */
  private static final class Decoded implements Collector<RowData> {

    private final List<RowData> rows = new ArrayList<>();

    @Override
    public void collect(RowData row) {
      rows.add(row);
    }

    @Override
    public void close() {}
  }

  /**
   * @param decodesValues whether values are decoded; otherwise there is one row for each that is
   *     not null
   * @param junk what becomes of messages that cannot be decoded
   */
  RowDeserializationSchema(
      TopicSelection selection,
      Optional<FieldDecoder> keyDecoder,
      FieldDecoder valueDecoder,
      boolean decodesValues,
      List<MessageMetadata> metadata,
      Junk junk,
      int arity,
      TypeInformation<RowData> producedType) {
    this.selection = selection;
    this.keyDecoder = keyDecoder.orElse(null);
    this.valueDecoder = valueDecoder;
    this.decodesValues = decodesValues;
    this.metadata = metadata.toArray(MessageMetadata[]::new);
    this.junk = junk;
    this.arity = arity;
    this.producedType = producedType;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) throws Exception {
    if (keyDecoder != null) {
      keyDecoder.format().open(context);
    }
    valueDecoder.format().open(context);
    junk.open(context.getMetricGroup());
    keys = new Decoded();
    values = new Decoded();
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<RowData> out) {
    if (!isSelected(message.partition(), message.offset())) {
      return;
    }
    keys.rows.clear();
    values.rows.clear();
    String error = decodeKey(message);
    if (error == null) {
      error = decodeValue(message);
    }
    StringData errorData = error == null ? null : StringData.fromString(error);
    for (RowData value : values.rows) {
      for (RowData key : keys.rows) {
        out.collect(row((GenericRowData) key, (GenericRowData) value, message, errorData));
        rows++;
      }
    }
  }

  /** Messages of a partition come one after the other, and most are in the range of the last. */
  private boolean isSelected(int ofPartition, long offset) {
    if (selected == null || partition != ofPartition) {
      partition = ofPartition;
      selected = selection.of(ofPartition).offsets();
      range = NOWHERE;
    }
    if (!range.contains(offset)) {
      range = selected.rangeOf(offset).orElse(NOWHERE);
    }
    return range.contains(offset);
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
  private String decodeKey(ConsumerRecord<byte[], byte[]> message) {
    if (keyDecoder == null || message.key() == null) {
      keys.collect(NO_FIELDS);
      return null;
    }
    String error = decode(keyDecoder, message, message.key(), keys);
    if (error != null) {
      values.collect(NO_FIELDS);
    }
    return error == null ? null : "key: " + error;
  }

  /** Of a value that is null, only the format knows whether it is a row. */
  private String decodeValue(ConsumerRecord<byte[], byte[]> message) {
    if (decodesValues || message.value() == null) {
      return decode(valueDecoder, message, message.value(), values);
    }
    values.collect(NO_FIELDS);
    return null;
  }

  /** Returns what is wrong, null if nothing is. Then the rows are one without fields. */
  private String decode(
      FieldDecoder decoder, ConsumerRecord<byte[], byte[]> message, byte[] bytes, Decoded decoded) {
    try {
      decoder.format().deserialize(bytes, decoded);
      decoder.required().check(decoded.rows);
      return null;
    } catch (IOException | RuntimeException e) {
      String error = junk.error(message, bytes, e);
      decoded.rows.clear();
      decoded.collect(NO_FIELDS);
      return error;
    }
  }

  private RowData row(
      GenericRowData key,
      GenericRowData value,
      ConsumerRecord<byte[], byte[]> message,
      StringData error) {
    GenericRowData row =
        valueDecoder.isInPlace() && value != NO_FIELDS ? value : copied(key, value);
    int first = arity - metadata.length;
    for (int i = 0; i < metadata.length; i++) {
      row.setField(first + i, metadata[i].read(message, error));
    }
    return row;
  }

  private GenericRowData copied(GenericRowData key, GenericRowData value) {
    GenericRowData row = new GenericRowData(value.getRowKind(), arity);
    if (key != NO_FIELDS) {
      keyDecoder.copy(key, row);
    }
    if (value != NO_FIELDS) {
      valueDecoder.copy(value, row);
    }
    return row;
  }
}
