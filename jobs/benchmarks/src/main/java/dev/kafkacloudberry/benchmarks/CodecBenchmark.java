package dev.kafkacloudberry.benchmarks;

import dev.kafkacloudberry.copy.ColumnPair;
import dev.kafkacloudberry.copy.CopyBuffer;
import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.copy.RowEncoder;
import dev.kafkacloudberry.copy.RowEncodingException;
import dev.kafkacloudberry.copy.SourceColumn;
import dev.kafkacloudberry.copy.TargetColumn;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.data.RowData;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds for a message to become a row, and for a row to become bytes of a COPY. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class CodecBenchmark {

  /** So many that no branch is learnt by heart, so few that they stay in the cache. */
  private static final int ROWS = 1 << 10;

  /** As the sink does before it writes them to a file. */
  private static final int FULL = 1 << 16;

  @Param({"CSV", "JSON"})
  MessageFormat format;

  @Param({"NARROW", "WIDE", "LONG"})
  Shape shape;

  private final byte[][] messages = new byte[ROWS][];
  private final RowData[] rows = new RowData[ROWS];
  private final CopyBuffer buffer = new CopyBuffer();
  private DeserializationSchema<RowData> own;
  private DeserializationSchema<RowData> stock;
  private RowEncoder encoder;
  private int next;

  @Setup
  public void prepare() throws Exception {
    own = Decoders.of(format.own(), shape);
    stock = Decoders.of(format.stock(), shape);
    encoder = RowEncoder.of(columns(), Optional.of(CopyFormat.BINARY));
    RowWriter writer = new RowWriter(shape, format);
    for (int i = 0; i < ROWS; i++) {
      messages[i] = writer.row(i);
      rows[i] = own.deserialize(messages[i]);
    }
  }

  private List<ColumnPair> columns() {
    return IntStream.range(0, shape.columns().size())
        .mapToObj(
            i -> {
              Column column = shape.columns().get(i);
              return new ColumnPair(
                  new SourceColumn(column.name(), column.type().inFlinksTable(), i),
                  new TargetColumn(
                      column.name(), column.type().baseType(), column.type().displayType()));
            })
        .toList();
  }

  private int next() {
    next = next + 1 & ROWS - 1;
    return next;
  }

  /** The formats of this project. */
  @Benchmark
  public RowData decode() throws IOException {
    return own.deserialize(messages[next()]);
  }

  /** The formats that come with Flink. */
  @Benchmark
  public RowData decodeWithStockFormat() throws IOException {
    return stock.deserialize(messages[next()]);
  }

  @Benchmark
  public int encode() throws RowEncodingException {
    encoder.encode(rows[next()], buffer);
    int length = buffer.length();
    if (length > FULL) {
      buffer.reset();
    }
    return length;
  }
}
