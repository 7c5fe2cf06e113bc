package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.staging.StagedFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StagedRowsSerializerTest {

  @Test
  void everythingComesBack() throws IOException {
    StagedTarget target =
        new StagedTarget(
            new TableName("s", "t"), List.of(new Load.Column("id", "bigint")), CopyFormat.TEXT);
    StagedFile file = new StagedFile("file:/s/0-a-0.rows", 3, 77, 1);
    StagedRowsSerializer serializer = new StagedRowsSerializer();
    for (StagedRows rows :
        List.of(
            new StagedRows(target, List.of(), List.of(), List.of(), List.of()),
            new StagedRows(
                target,
                List.of(
                    new DataFile(file, Optional.empty()), new DataFile(file, Optional.of(file))),
                List.of(file),
                List.of(new OffsetSpan(new OffsetRange("t", Optional.of("id"), 1, 2, 3, 4, 5), 3)),
                List.of(new OffsetRange("u", Optional.empty(), 1, 2, 3, 4, 5))))) {
      assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(rows)))
          .isEqualTo(rows);
    }
  }
}
