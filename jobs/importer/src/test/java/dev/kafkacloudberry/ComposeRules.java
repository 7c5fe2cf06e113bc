package dev.kafkacloudberry;

import dev.kafkacloudberry.ComposeFile.Mount;
import dev.kafkacloudberry.ComposeFile.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a compose file has to be, and where it is not: as far as that is seen without Docker. */
final class ComposeRules {

  /** Of the keys that Compose knows, those that are used. One that is misspelt is none of them. */
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "file", Set.of("name", "services", "secrets", "volumes"),
          "service",
              Set.of(
                  "build",
                  "command",
                  "depends_on",
                  "entrypoint",
                  "environment",
                  "healthcheck",
                  "hostname",
                  "image",
                  "ports",
                  "profiles",
                  "secrets",
                  "shm_size",
                  "stop_grace_period",
                  "user",
                  "volumes"),
          "build", Set.of("args", "context", "dockerfile"),
          "healthcheck", Set.of("interval", "retries", "start_period", "test", "timeout"));

  private static final Set<String> CONDITIONS =
      Set.of("service_healthy", "service_completed_successfully");

  private static final Pattern OURS = Pattern.compile("/(?:opt|etc)/kafka-cloudberry/[\\w./-]*\\w");
  private static final Pattern SECRET = Pattern.compile("/run/secrets/([\\w-]+)");
  private static final Pattern ADDRESS =
      Pattern.compile("(?<![\\w.@-])([a-z][a-z-]*):(\\d{4,5})\\b");
  private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)(?:\\$\\$)*\\$(?!\\$)");
  private static final Pattern FINAL_NAME = Pattern.compile("<finalName>([\\w-]+)</finalName>");

  private final ComposeFile file;
  private final Map<String, String> properties;
  private final List<String> findings = new ArrayList<>();

  private ComposeRules(ComposeFile file, Map<String, String> properties) {
    this.file = file;
    this.properties = properties;
  }

  /**
   * @param properties of the pom, which know the versions
   * @return what is wrong, a line each
   */
  static List<String> findings(ComposeFile file, Map<String, String> properties) throws Exception {
    ComposeRules rules = new ComposeRules(file, properties);
    rules.checkFile();
    for (Service service : file.services()) {
      rules.checkKeys(service);
      rules.checkImage(service);
      rules.checkMounts(service);
      rules.checkHealth(service);
      rules.checkDependencies(service);
      rules.checkPorts(service);
      rules.checkSecrets(service);
      rules.checkPaths(service);
      rules.checkAddresses(service);
      rules.checkScripts(service);
    }
    return rules.findings;
  }

  private void require(boolean kept, String finding, Object... arguments) {
    if (!kept) {
      findings.add(finding.formatted(arguments));
    }
  }

  private void checkFile() {
    Set<String> keys =
        file.content().keySet().stream()
            .filter(key -> !key.startsWith("x-"))
            .collect(Collectors.toSet());
    checkKeys("the file", keys, "file");
    List<String> ports = file.services().stream().flatMap(s -> s.list("ports").stream()).toList();
    require(Set.copyOf(ports).size() == ports.size(), "a port is given twice: %s", ports);
    Set<String> mounted =
        file.services().stream()
            .flatMap(service -> service.mounts().stream())
            .filter(mount -> !mount.isOfAFile())
            .map(Mount::source)
            .collect(Collectors.toSet());
    Set<String> declared = ComposeFile.map(file.content().get("volumes")).keySet();
    require(mounted.equals(declared), "volumes %s are declared, %s are mounted", declared, mounted);
  }

  private void checkKeys(Service service) {
    checkKeys(service.name(), service.content().keySet(), "service");
    for (String part : List.of("build", "healthcheck")) {
      checkKeys(service.name(), ComposeFile.map(service.content().get(part)).keySet(), part);
    }
  }

  private void checkKeys(String where, Collection<String> keys, String kind) {
    Set<String> unknown = new HashSet<>(keys);
    unknown.removeAll(KEYS.get(kind));
    require(unknown.isEmpty(), "%s: unknown in a %s: %s", where, kind, unknown);
  }

  private void checkImage(Service service) {
    String[] image = service.image().split(":");
    require(image.length == 2, "%s: the image %s has no version", service.name(), service.image());
    String tag = image[image.length - 1];
    String java = properties.get("maven.compiler.release");
    Map<String, String> tags =
        Map.of(
            "flink", properties.get("flink.version") + "-scala_2.12-java" + java,
            "apache/kafka", properties.get("kafka.version"),
            "eclipse-temurin", java + "-jre");
    String expected = tags.getOrDefault(image[0], builtVersion(service, tag));
    require(tag.equals(expected), "%s: %s is not %s", service.name(), tag, expected);
    require(tag.matches(".*\\d.*"), "%s: %s is no version", service.name(), tag);
  }

  private String builtVersion(Service service, String tag) {
    Map<String, Object> build = ComposeFile.map(service.content().get("build"));
    if (build.isEmpty()) {
      return tag;
    }
    String context = build.get("context").toString();
    require(
        context.matches("https://[^#]+#\\p{XDigit}{40}:[\\w/]+"),
        "%s: %s is not one commit",
        service.name(),
        context);
    return ComposeFile.map(build.get("args")).get("CB_RELEASE_VERSION").toString();
  }

  private void checkMounts(Service service) throws IOException {
    for (Mount mount : service.mounts()) {
      if (!mount.isOfAFile()) {
        continue;
      }
      require(mount.mode().equals("ro"), "%s: may write %s", service.name(), mount.source());
      require(
          mount.source().contains("/target/") ? isBuilt(mount) : Files.exists(mount.hostPath()),
          "%s: there is no %s",
          service.name(),
          mount.source());
    }
  }

  /** The build makes it, if the module's pom says so: jobs/NAME/target/FINAL-NAME.jar. */
  private static boolean isBuilt(Mount mount) throws IOException {
    Path pom = mount.hostPath().resolve("../../pom.xml").normalize();
    if (Files.notExists(pom)) {
      return false;
    }
    Matcher name = FINAL_NAME.matcher(Files.readString(pom));
    return name.find() && mount.source().endsWith("/target/" + name.group(1) + ".jar");
  }

  private void checkHealth(Service service) {
    boolean isChecked = service.content().containsKey("healthcheck");
    require(isChecked || file.isOneShot(service), "%s: runs on unchecked", service.name());
  }

  private void checkDependencies(Service service) {
    service
        .dependencies()
        .forEach(
            (name, condition) -> {
              Service other = file.find(name).orElse(null);
              require(other != null, "%s: waits for %s", service.name(), name);
              require(
                  CONDITIONS.contains(condition), "%s: %s: %s", service.name(), name, condition);
              if (other == null) {
                return;
              }
              require(
                  condition.equals("service_healthy") == other.content().containsKey("healthcheck"),
                  "%s: %s is not %s",
                  service.name(),
                  name,
                  condition);
              require(
                  other.profiles().isEmpty() || other.profiles().equals(service.profiles()),
                  "%s: %s is in another profile",
                  service.name(),
                  name);
            });
  }

  private void checkPorts(Service service) {
    for (String port : service.list("ports")) {
      require(
          port.matches("127\\.0\\.0\\.1:\\d+:\\d+"),
          "%s: %s is open to other machines",
          service.name(),
          port);
    }
  }

  private void checkSecrets(Service service) throws IOException {
    String ignored = Files.readString(Readme.REPOSITORY.resolve(".gitignore"));
    for (String name : service.list("secrets")) {
      Map<String, Object> secrets = ComposeFile.map(file.content().get("secrets"));
      String source = ComposeFile.map(secrets.get(name)).getOrDefault("file", "").toString();
      require(
          source.startsWith("./") && ignored.lines().anyMatch(source.substring(1)::equals),
          "%s: the secret %s is in no file that Git ignores",
          service.name(),
          name);
    }
    uses(service)
        .flatMap(use -> SECRET.matcher(use).results())
        .map(match -> match.group(1))
        .forEach(
            name ->
                require(
                    service.list("secrets").contains(name),
                    "%s: is not told the secret %s",
                    service.name(),
                    name));
  }

  private void checkPaths(Service service) {
    uses(service)
        .flatMap(use -> OURS.matcher(use).results())
        .map(match -> match.group())
        .forEach(
            path ->
                require(
                    service
                        .hostFile(path)
                        .filter(host -> host.toString().contains("/target/") || Files.exists(host))
                        .isPresent(),
                    "%s: there is no %s in it",
                    service.name(),
                    path));
  }

  private void checkAddresses(Service service) {
    uses(service)
        .flatMap(use -> ADDRESS.matcher(use).results())
        .map(match -> match.group(1))
        .forEach(
            host ->
                require(
                    host.equals("localhost") || file.find(host).isPresent(),
                    "%s: there is no machine %s",
                    service.name(),
                    host));
  }

  private void checkScripts(Service service) throws IOException, InterruptedException {
    Stream.of("command", "entrypoint")
        .flatMap(key -> service.list(key).stream())
        .forEach(
            word ->
                require(
                    !VARIABLE.matcher(word).find(),
                    "%s: Compose would take a $ for its own in %s",
                    service.name(),
                    word));
    for (String script : service.scripts()) {
      require(isScript(script), "%s: bash does not read %s", service.name(), script);
    }
  }

  private static boolean isScript(String script) throws IOException, InterruptedException {
    Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (var in = bash.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    }
    return bash.getInputStream().readAllBytes().length == 0 && bash.waitFor() == 0;
  }

  /** The texts of a service in which something is named. */
  private static Stream<String> uses(Service service) {
    return Stream.concat(
        service.words().stream(), service.environment().values().stream().map(Object::toString));
  }
}
