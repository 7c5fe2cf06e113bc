package dev.kafkacloudberry.row;

import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/**
 * A decoder whose rows can have more fields than it decodes. Whoever knows more of a message sets
 * them, and need not copy the row for it.
 */
public interface RoomBehind {

  /**
   * The same decoder, whose rows are {@link GenericRowData}.
   *
   * @param fields how many more they have behind its own, all NULL
   */
  DeserializationSchema<RowData> withRoomFor(int fields);
}
