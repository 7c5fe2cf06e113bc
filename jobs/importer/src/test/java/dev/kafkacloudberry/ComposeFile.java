package dev.kafkacloudberry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** docker-compose.yml, as Compose understands it. */
record ComposeFile(Map<String, Object> content) {

  static final Path FILE = Readme.REPOSITORY.resolve("docker-compose.yml");

  static String text() {
    try {
      return Files.readString(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ComposeFile read() {
    return parse(text());
  }

  static ComposeFile parse(String text) {
    return new ComposeFile(YamlFile.parse(text));
  }

  List<Service> services() {
    return map(content.get("services")).entrySet().stream()
        .map(service -> new Service(service.getKey(), map(service.getValue())))
        .toList();
  }

  Service service(String name) {
    return find(name).orElseThrow();
  }

  Optional<Service> find(String name) {
    return services().stream().filter(service -> service.name().equals(name)).findFirst();
  }

  /** It ends, and others wait for that, or somebody starts it by hand. */
  boolean isOneShot(Service service) {
    return !service.profiles().isEmpty()
        || services().stream()
            .map(other -> other.dependencies().get(service.name()))
            .anyMatch("service_completed_successfully"::equals);
  }

  /** One of its services, with its anchors put in. */
  record Service(String name, Map<String, Object> content) {

    String image() {
      return text("image");
    }

    String text(String key) {
      return Objects.toString(content.get(key), "");
    }

    List<String> list(String key) {
      return strings(content.get(key));
    }

    List<String> profiles() {
      return list("profiles");
    }

    Map<String, Object> environment() {
      return map(content.get("environment"));
    }

    /** What it waits for, by the name of the service. */
    Map<String, String> dependencies() {
      return map(content.get("depends_on")).entrySet().stream()
          .collect(
              Collectors.toMap(
                  Map.Entry::getKey,
                  dependency -> Objects.toString(map(dependency.getValue()).get("condition"), "")));
    }

    List<Mount> mounts() {
      return list("volumes").stream().map(Mount::parse).toList();
    }

    /** The words of all that it runs, as the container sees them. */
    List<String> words() {
      return Stream.of(
              list("entrypoint"),
              list("command"),
              strings(map(content.get("healthcheck")).get("test")))
          .flatMap(List::stream)
          .map(word -> word.replace("$$", "$"))
          .toList();
    }

    /** The words that are scripts of a shell. */
    List<String> scripts() {
      List<String> words = words();
      return Stream.iterate(1, i -> i < words.size(), i -> i + 1)
          .filter(i -> words.get(i - 1).matches("-l?c"))
          .map(words::get)
          .toList();
    }

    /** The file of the repository that the service sees at a path. */
    Optional<Path> hostFile(String path) {
      return mounts().stream()
          .filter(mount -> mount.isOfAFile() && mount.covers(path))
          .map(
              mount ->
                  mount
                      .hostPath()
                      .resolve(path.substring(mount.target().length()).replaceFirst("^/", "")))
          .findFirst();
    }
  }

  /** A file or a named volume, at a path of a container. */
  record Mount(String source, String target, String mode) {

    static Mount parse(String text) {
      String[] parts = text.split(":");
      return new Mount(parts[0], parts[1], parts.length > 2 ? parts[2] : "rw");
    }

    boolean isOfAFile() {
      return source.startsWith("./");
    }

    Path hostPath() {
      return Readme.REPOSITORY.resolve(source.substring("./".length()));
    }

    boolean covers(String path) {
      return path.equals(target) || path.startsWith(target + "/");
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  private static List<String> strings(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(Objects::toString).toList()
        : List.of();
  }
}
