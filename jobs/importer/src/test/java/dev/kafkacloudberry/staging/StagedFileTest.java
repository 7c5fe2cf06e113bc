package dev.kafkacloudberry.staging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.staging.FaultyFileSystem.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StagedFileTest {

  @TempDir private Path root;

  private StagingDirectory staging;

  @BeforeEach
  void openDirectory() throws IOException {
    staging = new StagingDirectory(FaultyFileSystem.SCHEME + ":" + root, "sink", "run");
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @Test
  void whatWasWrittenIsReadBack() throws IOException {
    StagedFileWriter writer = staging.create(StagedFileKind.ROWS, 0, "attempt", 0);
    byte[] block = new byte[300_000];
    Arrays.fill(block, (byte) 'x');
    writer.write("first,ignored".getBytes(UTF_8), 5, 1);
    writer.write(block, block.length, 1000);
    writer.write("last".getBytes(UTF_8), 4, 2);
    assertThat(writer.bytes()).isEqualTo(300_009);

    StagedFile file = writer.close();

    assertThat(file.rows()).isEqualTo(1003);
    assertThat(file.bytes()).isEqualTo(300_009);
    assertThat(read(file)).isEqualTo("first" + "x".repeat(300_000) + "last");
    assertThat(read(file)).as("again").hasSize(300_009);
  }

  @Test
  void aFileWithoutRowsIsReadBack() throws IOException {
    StagedFile file = staging.create(StagedFileKind.ROWS, 0, "attempt", 0).close();

    assertThat(file.rows()).isZero();
    assertThat(read(file)).isEmpty();
  }

  @Test
  void aMissingFileIsRefused() throws IOException {
    StagedFile file = stage("rows");
    Files.delete(local(file));

    assertRefused(file, "is missing");
  }

  @Test
  void aFileCutShortIsRefused() throws IOException {
    StagedFile file = stage("rows");
    Files.writeString(local(file), "row");

    assertRefused(file, "has 3 bytes and was staged with 4");
  }

  @Test
  void anEmptiedFileIsRefused() throws IOException {
    StagedFile file = stage("rows");
    Files.writeString(local(file), "");

    assertRefused(file, "has 0 bytes and was staged with 4");
  }

  @Test
  void aLongerFileIsRefused() throws IOException {
    StagedFile file = stage("rows");
    Files.writeString(local(file), "rows!");

    assertRefused(file, "has 5 bytes and was staged with 4");
  }

  @Test
  void aFileWithOneOtherByteIsRefused() throws IOException {
    StagedFile file = stage("rows");
    Files.writeString(local(file), "rowz");

    assertRefused(file, "checksum");
  }

  @Test
  void aFileIsNeverWrittenOver() throws IOException {
    StagedFile file = stage("rows");

    assertThatThrownBy(() -> staging.create(StagedFileKind.ROWS, 0, "attempt", 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.path())
        .hasRootCauseInstanceOf(FileAlreadyExistsException.class);

    assertThat(read(file)).isEqualTo("rows");
  }

  @Test
  void aDiscardedFileIsGone() throws IOException {
    StagedFileWriter writer = staging.create(StagedFileKind.ROWS, 0, "attempt", 0);
    writer.write(new byte[9], 9, 1);

    writer.discard();

    assertNoFiles();
  }

  @Test
  void aFileThatCannotBeClosedIsDiscardedAllTheSame() throws IOException {
    StagedFileWriter writer = staging.create(StagedFileKind.ROWS, 0, "attempt", 0);
    FaultyFileSystem.failAfter(0, Call.CLOSE);

    assertThatThrownBy(writer::discard).hasMessageContaining("0-attempt-0.rows");

    assertNoFiles();
  }

  @Test
  void deletingTwiceIsHarmless() throws IOException {
    StagedFile file = stage("rows");

    file.delete();
    file.delete();

    assertNoFiles();
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "WRITE", "CLOSE"})
  void aFileThatCannotBeWrittenIsNamed(Call call) {
    FaultyFileSystem.failAfter(call == Call.WRITE ? 1 : 0, call);

    assertNamed(
        call,
        () -> {
          StagedFileWriter writer = staging.create(StagedFileKind.ROWS, 3, "attempt", 4);
          writer.write(new byte[1], 1, 1);
          writer.write(new byte[1], 1, 1);
          writer.close();
        },
        "3-attempt-4.rows");
  }

  @ParameterizedTest
  @EnumSource(names = {"OPEN", "READ"})
  void aFileThatCannotBeReadIsNamedAndNotCalledMissing(Call call) throws IOException {
    StagedFile file = stage("rows");
    FaultyFileSystem.failAfter(0, call);

    assertNamed(call, () -> read(file), file.path());
    assertThat(read(file)).as("the next attempt").isEqualTo("rows");
  }

  @Test
  void aReadThatFailsInTheMiddleIsNamed() throws IOException {
    StagedFile file = stage("x".repeat(1 << 19));
    FaultyFileSystem.failAfter(1, Call.READ);

    assertNamed(Call.READ, () -> read(file), file.path());
  }

  @ParameterizedTest
  @EnumSource(names = {"DELETE", "REFUSE_DELETE"})
  void aFileThatCannotBeRemovedIsNamed(Call call) throws IOException {
    StagedFile file = stage("rows");
    FaultyFileSystem.failAfter(0, call);

    assertThatThrownBy(file::delete)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.path());
  }

  @Test
  void aFailureOfTheDestinationComesAsItIs() throws IOException {
    StagedFile file = stage("rows");
    IOException refused = new IOException("refused");

    assertThatThrownBy(
            () ->
                new StagedFileReader()
                    .copy(
                        file,
                        new OutputStream() {
                          @Override
                          public void write(int b) throws IOException {
                            throw refused;
                          }
                        }))
        .isSameAs(refused);
  }

  private StagedFile stage(String content) throws IOException {
    StagedFileWriter writer = staging.create(StagedFileKind.ROWS, 0, "attempt", 0);
    writer.write(content.getBytes(UTF_8), content.length(), 1);
    return writer.close();
  }

  private static String read(StagedFile file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new StagedFileReader().copy(file, bytes);
    return bytes.toString(UTF_8);
  }

  private static Path local(StagedFile file) {
    return Path.of(new org.apache.flink.core.fs.Path(file.path()).getPath());
  }

  private void assertNoFiles() throws IOException {
    try (var files = Files.walk(root)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private static void assertRefused(StagedFile file, String why) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(StagedFileException.class)
        .hasMessageContaining(file.path())
        .hasMessageContaining(why);
  }

  private static void assertNamed(Call call, ThrowingCallable action, String name) {
    assertThatThrownBy(action)
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(StagedFileException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("injected failure of " + call);
  }
}
