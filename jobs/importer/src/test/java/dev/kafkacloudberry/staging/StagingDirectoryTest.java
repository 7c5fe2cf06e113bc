package dev.kafkacloudberry.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.staging.FaultyFileSystem.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StagingDirectoryTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant LIMIT = NOW.minus(Duration.ofDays(7));
  private static final Instant OLD = LIMIT.minusSeconds(1);
  private static final Instant YOUNG = LIMIT.plusSeconds(1);

  @TempDir private Path root;

  private StagingDirectory staging;

  @BeforeEach
  void openDirectory() throws IOException {
    staging = directory("sink", "run");
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @Test
  void whatEarlierAttemptsOfTheWriterLeftUnlistedIsRemoved() throws IOException {
    StagedFile listed = stage(staging, 0, "first", 0);
    stage(staging, 0, "first", 1);
    stage(staging, 0, "second", 0);
    StagedFile current = stage(staging, 0, "third", 0);
    StagedFile others = stage(staging, 1, "first", 0);
    staging.writeManifest(UUID.randomUUID(), List.of(listed));

    assertThat(staging.removeAbandoned(0, 2, "third")).isEqualTo(2);

    assertThat(dataFiles()).containsExactlyInAnyOrder(name(listed), name(current), name(others));
    assertThat(staging.removeAbandoned(0, 2, "third")).isZero();
  }

  @Test
  void filesOfEveryKindAreAbandonedOrKeptAlike() throws IOException {
    List<StagedFile> listed = new ArrayList<>();
    for (StagedFileKind kind : StagedFileKind.values()) {
      listed.add(stage(kind, staging, 0, "first", 0));
      stage(kind, staging, 0, "first", 1);
    }
    staging.writeManifest(UUID.randomUUID(), listed);

    assertThat(staging.removeAbandoned(0, 1, "second")).isEqualTo(3);

    assertThat(files()).hasSize(4).containsAll(listed.stream().map(f -> name(f)).toList());
  }

  @Test
  void filesOfEveryManifestAreKept() throws IOException {
    StagedFile first = stage(staging, 0, "first", 0);
    StagedFile second = stage(staging, 0, "first", 1);
    StagedFile third = stage(staging, 0, "first", 2);
    staging.writeManifest(UUID.randomUUID(), List.of(first, third));
    staging.writeManifest(UUID.randomUUID(), List.of(second));

    assertThat(staging.removeAbandoned(0, 1, "later")).isZero();

    assertThat(dataFiles()).hasSize(3);
  }

  @Test
  void withFewerWritersEachCleansUpAfterTheSameOnesThatAreGone() throws IOException {
    for (int writer = 0; writer < 12; writer++) {
      stage(staging, writer, "first", 0);
    }

    assertThat(staging.removeAbandoned(1, 5, "second")).isEqualTo(3);

    assertThat(dataFiles())
        .hasSize(9)
        .doesNotContain("1-first-0.rows", "6-first-0.rows", "11-first-0.rows");
    for (int writer : new int[] {0, 2, 3, 4}) {
      staging.removeAbandoned(writer, 5, "second");
    }
    assertThat(dataFiles()).isEmpty();
  }

  @Test
  void aFolderThatIsNotThereHasNothingAbandonedNorExpired() throws IOException {
    assertThat(staging.removeAbandoned(0, 1, "first")).isZero();
    assertThat(staging.removeExpired(NOW)).isZero();
  }

  @Test
  void filesOfOtherRunsAreNotAbandoned() throws IOException {
    stage(directory("sink", "other"), 0, "first", 0);

    assertThat(staging.removeAbandoned(0, 1, "second")).isZero();

    assertThat(dataFiles()).hasSize(1);
  }

  @Test
  void aCommitLeavesNeitherFilesNorManifest() throws IOException {
    UUID commit = UUID.randomUUID();
    UUID next = UUID.randomUUID();
    List<StagedFile> files = List.of(stage(staging, 0, "a", 0), stage(staging, 1, "a", 0));
    StagedFile kept = stage(staging, 0, "a", 1);
    staging.writeManifest(commit, files);
    staging.writeManifest(next, List.of(kept));

    StagingDirectory.removeCommitted(commit, files);
    StagingDirectory.removeCommitted(commit, files);

    assertThat(files()).containsExactlyInAnyOrder(name(kept), next + ".manifest");
  }

  @Test
  void aCommitOfAnotherRunsFilesIsRemovedThere() throws IOException {
    UUID commit = UUID.randomUUID();
    StagingDirectory before = directory("sink", "before");
    List<StagedFile> files = List.of(stage(before, 0, "a", 0));
    before.writeManifest(commit, files);
    stage(staging, 0, "a", 0);

    StagingDirectory.removeCommitted(commit, files);

    assertThat(files()).containsExactly("0-a-0.rows");
  }

  @Test
  void inItsOwnFolderEverythingOldExpires() throws IOException {
    StagedFile listed = stage(staging, 0, "a", 0);
    StagedFile young = stage(staging, 0, "a", 1);
    StagedFile atTheLimit = stage(staging, 0, "a", 2);
    staging.writeManifest(UUID.randomUUID(), List.of(listed));
    ageAllTo(OLD);
    age(young, YOUNG);
    age(atTheLimit, LIMIT);

    assertThat(staging.removeExpired(LIMIT)).isEqualTo(2);

    assertThat(files()).containsExactlyInAnyOrder(name(young), name(atTheLimit));
  }

  @Test
  void inFoldersOfOtherRunsOnlyWhatNoCheckpointHoldsExpires() throws IOException {
    StagingDirectory other = directory("sink", "other");
    UUID commit = UUID.randomUUID();
    StagedFile listed = stage(other, 0, "a", 0);
    StagedFile young = stage(other, 0, "a", 1);
    stage(other, 0, "a", 2);
    other.writeManifest(commit, List.of(listed));
    ageAllTo(OLD);
    age(young, YOUNG);

    assertThat(staging.removeExpired(LIMIT)).isOne();

    assertThat(files()).containsExactlyInAnyOrder(name(listed), name(young), commit + ".manifest");
  }

  @Test
  void filesOfOtherSinksNeverExpireHere() throws IOException {
    stage(directory("other", "run"), 0, "a", 0);
    ageAllTo(OLD);

    assertThat(staging.removeExpired(LIMIT)).isZero();

    assertThat(dataFiles()).hasSize(1);
  }

  @Test
  void differentSinksHaveDifferentFolders() throws IOException {
    List<String> ids =
        List.of(
            "a",
            "A",
            "a/b",
            "a\\b",
            "a b",
            "a_b",
            "a:b",
            "..",
            ".",
            "",
            "订单",
            "订购",
            "a\u0000b",
            "default_catalog.default_database.`t`",
            "../../etc",
            "a%2Fb",
            "a*");
    Set<Path> folders = new HashSet<>();
    for (String id : ids) {
      StagedFile file = stage(directory(id, "run"), 0, "a", 0);
      folders.add(local(file).getParent());
    }

    assertThat(folders).hasSize(ids.size());
    assertThat(folders).allSatisfy(f -> assertThat(f.getParent().getParent()).isEqualTo(root));
    assertThat(files()).hasSize(ids.size());
  }

  @Test
  void theFolderOfASinkIsTheSameInEveryJob() throws IOException {
    assertThat(directory("orders → db", "run"))
        .hasToString("faulty:" + root + "/orders___db-10ece1d4/run");
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "WRITE", "CLOSE"})
  void aManifestThatCannotBeWrittenIsNamed(Call call) throws IOException {
    UUID commit = UUID.randomUUID();
    StagedFile file = stage(staging, 0, "a", 0);
    FaultyFileSystem.failAfter(0, call);

    assertThatThrownBy(() -> staging.writeManifest(commit, List.of(file)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(commit + ".manifest")
        .hasMessageContaining("injected failure");

    staging.writeManifest(commit, List.of(file));
    assertThat(staging.removeAbandoned(0, 1, "b")).as("after the next attempt").isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"OPEN", "READ"})
  void nothingIsRemovedWhileAManifestCannotBeRead(Call call) throws IOException {
    UUID commit = UUID.randomUUID();
    StagedFile listed = stage(staging, 0, "a", 0);
    stage(staging, 0, "a", 1);
    staging.writeManifest(commit, List.of(listed));
    FaultyFileSystem.failAfter(0, call);

    assertThatThrownBy(() -> staging.removeAbandoned(0, 1, "b"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(commit + ".manifest")
        .hasMessageContaining("injected failure");

    assertThat(dataFiles()).hasSize(2);
  }

  @Test
  void aFolderThatCannotBeListedIsNamed() throws IOException {
    stage(staging, 0, "a", 0);
    for (int listed : new int[] {0, 1}) {
      FaultyFileSystem.failAfter(listed, Call.LIST);
      assertThatThrownBy(() -> staging.removeExpired(NOW))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("sink-")
          .hasMessageContaining("injected failure");
    }
    assertThat(dataFiles()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"DELETE", "REFUSE_DELETE"})
  void aFileThatCannotBeRemovedIsNamedAndRemovedByTheNextAttempt(Call call) throws IOException {
    UUID commit = UUID.randomUUID();
    List<StagedFile> files = List.of(stage(staging, 0, "a", 0), stage(staging, 1, "a", 0));
    staging.writeManifest(commit, files);
    FaultyFileSystem.failAfter(1, call);

    assertThatThrownBy(() -> StagingDirectory.removeCommitted(commit, files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1-a-0.rows");

    // The manifest goes last: without it the files would count as abandoned.
    assertThat(files()).containsExactlyInAnyOrder("1-a-0.rows", commit + ".manifest");
    StagingDirectory.removeCommitted(commit, files);
    assertThat(files()).isEmpty();
  }

  @Test
  void aRootThatIsNoFolderIsTold() throws IOException {
    Path file = Files.createFile(root.resolve("file"));

    assertThatThrownBy(
            () -> stage(new StagingDirectory(file.toUri().toString(), "s", "r"), 0, "a", 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + "/");
  }

  private StagingDirectory directory(String sinkId, String run) throws IOException {
    return new StagingDirectory(FaultyFileSystem.SCHEME + ":" + root, sinkId, run);
  }

  private static StagedFile stage(StagingDirectory in, int writer, String attempt, int number)
      throws IOException {
    return stage(StagedFileKind.ROWS, in, writer, attempt, number);
  }

  private static StagedFile stage(
      StagedFileKind kind, StagingDirectory in, int writer, String attempt, int number)
      throws IOException {
    StagedFileWriter file = in.create(kind, writer, attempt, number);
    file.write(new byte[] {1}, 1, 1);
    return file.close();
  }

  private static String name(StagedFile file) {
    return local(file).getFileName().toString();
  }

  private static Path local(StagedFile file) {
    return Path.of(new org.apache.flink.core.fs.Path(file.path()).getPath());
  }

  private static void age(StagedFile file, Instant modified) {
    assertThat(local(file).toFile().setLastModified(modified.toEpochMilli())).isTrue();
  }

  private void ageAllTo(Instant modified) throws IOException {
    try (var paths = Files.walk(root)) {
      paths
          .filter(Files::isRegularFile)
          .forEach(p -> assertThat(p.toFile().setLastModified(modified.toEpochMilli())).isTrue());
    }
  }

  private List<String> dataFiles() throws IOException {
    return files().stream().filter(name -> name.endsWith(".rows")).toList();
  }

  private List<String> files() throws IOException {
    try (var paths = Files.walk(root)) {
      return paths.filter(Files::isRegularFile).map(p -> p.getFileName().toString()).toList();
    }
  }
}
