package dev.kafkacloudberry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A page of the documentation, by its parts. */
record Readme(Path file, String text) {

  static final Path REPOSITORY = Path.of("../..");

  private static final Pattern CODE = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+(?= )");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");
  private static final Pattern PATH =
      Pattern.compile("(?<![\\w./:-])(?:\\./\\w+|(?:sql|docs|jobs|flink-conf)/[\\w./@-]*\\w)");

  static Readme read(String name) throws IOException {
    Path file = REPOSITORY.resolve(name);
    return new Readme(file, Files.readString(file));
  }

  /** The fenced blocks of code. */
  List<String> code() {
    return CODE.matcher(text).results().map(match -> match.group(1)).toList();
  }

  /** The one block of code that has the text in it. */
  String codeWith(String part) {
    List<String> blocks = code().stream().filter(block -> block.contains(part)).toList();
    if (blocks.size() != 1) {
      throw new IllegalArgumentException(
          "%d blocks of %s hold %s".formatted(blocks.size(), file, part));
    }
    return blocks.get(0);
  }

  /** The marks of the headings, which tell their levels. */
  List<String> headings() {
    return HEADING
        .matcher(CODE.matcher(text).replaceAll(""))
        .results()
        .map(m -> m.group())
        .toList();
  }

  /** Where its links within the repository lead to. */
  List<Path> links() {
    return LINK.matcher(text)
        .results()
        .map(match -> match.group(1))
        .filter(target -> !target.contains("://"))
        .map(file.resolveSibling("")::resolve)
        .toList();
  }

  /** The files and folders of the repository that it names, but for what the build makes. */
  List<Path> paths() {
    return PATH.matcher(text)
        .results()
        .map(match -> match.group())
        .filter(path -> !path.contains("/target/"))
        .map(REPOSITORY::resolve)
        .toList();
  }
}
