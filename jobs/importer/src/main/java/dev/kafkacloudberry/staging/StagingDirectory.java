package dev.kafkacloudberry.staging;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/**
 * The folder in which one sink of one job stages its rows.
 *
 * <p>It holds <em>data files</em>, named {@code <writer>-<attempt>-<number>} with the suffix of
 * their kind, and <em>manifests</em>, named {@code <commit id>.manifest}, that list the data files
 * which were handed to a checkpoint. A data file that no manifest lists is part of no checkpoint
 * and of no savepoint, whatever became of the job; that is what makes it safe to remove.
 */
public final class StagingDirectory {

  private static final String MANIFEST = ".manifest";

  private final Path directory;
  private final FileSystem fileSystem;

  /**
   * @param root the staging directory of all jobs and sinks
   * @param sinkId names the sink over all jobs; any text
   * @param run names this run of the sink; no other sink and no other submission has the same
   */
  public StagingDirectory(String root, String sinkId, String run) throws IOException {
    this.directory = new Path(new Path(root, folderName(sinkId)), run);
    this.fileSystem = directory.getFileSystem();
  }

  private static String folderName(String sinkId) {
    CRC32C crc = new CRC32C();
    crc.update(sinkId.getBytes(StandardCharsets.UTF_8));
    return "%s-%08x".formatted(sinkId.replaceAll("[^A-Za-z0-9_.]", "_"), crc.getValue());
  }

  /**
   * Opens a new data file.
   *
   * @param writer the index of the writer
   * @param attempt a name that no other attempt of the writer has; without dashes
   * @param number the number of the file among those of the attempt and the kind
   */
  public StagedFileWriter create(StagedFileKind kind, int writer, String attempt, int number)
      throws IOException {
    return new StagedFileWriter(
        new Path(directory, writer + "-" + attempt + "-" + number + kind.suffix()));
  }

  /** Notes which files are handed to a checkpoint. Has to precede the handing over. */
  public void writeManifest(UUID commitId, List<StagedFile> files) throws IOException {
    String names =
        files.stream()
            .map(file -> new Path(file.path()).getName())
            .collect(Collectors.joining("\n", "", "\n"));
    Path manifest = new Path(directory, commitId + MANIFEST);
    try (FSDataOutputStream out = fileSystem.create(manifest, WriteMode.OVERWRITE)) {
      out.write(names.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new StorageException("write", manifest, e);
    }
  }

  /** Removes what a commit leaves behind, wherever the job that staged it put it. */
  public static void removeCommitted(UUID commitId, List<StagedFile> files) throws IOException {
    Set<Path> folders = new HashSet<>();
    for (StagedFile file : files) {
      folders.add(new Path(file.path()).getParent());
      file.delete();
    }
    for (Path folder : folders) {
      StagedFile.delete(new Path(folder, commitId + MANIFEST));
    }
  }

  /**
   * Removes the data files that earlier attempts of a writer never handed to a checkpoint. With
   * fewer writers than before, each one also cleans up after those that are gone.
   *
   * @return how many files were removed
   */
  public int removeAbandoned(int writer, int writers, String attempt) throws IOException {
    List<FileStatus> abandoned =
        withoutManifest(directory).stream()
            .filter(
                file -> {
                  String[] name = file.getPath().getName().split("-", 3);
                  return Integer.parseInt(name[0]) % writers == writer && !name[1].equals(attempt);
                })
            .toList();
    return remove(abandoned);
  }

  /**
   * Removes what is older than the given moment: in this folder everything, in the folders of other
   * runs of the sink only what no checkpoint holds.
   *
   * @return how many files were removed
   */
  public int removeExpired(Instant before) throws IOException {
    List<FileStatus> expired = new ArrayList<>(list(directory));
    for (FileStatus run : list(directory.getParent())) {
      if (run.isDir() && !run.getPath().getName().equals(directory.getName())) {
        expired.addAll(withoutManifest(run.getPath()));
      }
    }
    expired.removeIf(file -> file.getModificationTime() >= before.toEpochMilli());
    return remove(expired);
  }

  private int remove(List<FileStatus> files) throws IOException {
    for (FileStatus file : files) {
      StagedFile.delete(file.getPath());
    }
    return files.size();
  }

  private List<FileStatus> withoutManifest(Path folder) throws IOException {
    List<FileStatus> files = list(folder);
    Set<String> handedOver = new HashSet<>();
    for (FileStatus file : files) {
      if (file.getPath().getName().endsWith(MANIFEST)) {
        handedOver.addAll(readManifest(file.getPath()));
      }
    }
    return files.stream()
        .filter(file -> StagedFileKind.isAny(file.getPath().getName()))
        .filter(file -> !handedOver.contains(file.getPath().getName()))
        .toList();
  }

  private List<String> readManifest(Path manifest) throws IOException {
    try (FSDataInputStream in = fileSystem.open(manifest)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (FileNotFoundException e) {
      // Committed and removed since the folder was listed, its data files before it.
      return List.of();
    } catch (IOException e) {
      throw new StorageException("read", manifest, e);
    }
  }

  private List<FileStatus> list(Path folder) throws IOException {
    try {
      FileStatus[] files = fileSystem.listStatus(folder);
      return files == null ? List.of() : List.of(files);
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new StorageException("list", folder, e);
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
