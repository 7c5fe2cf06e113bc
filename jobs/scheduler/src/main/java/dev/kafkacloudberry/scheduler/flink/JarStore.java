package dev.kafkacloudberry.scheduler.flink;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The jars that the cluster has, to which each is uploaded once. */
final class JarStore {

  private static final String BOUNDARY = "kafka-cloudberry-jar";

  private final FlinkRest rest;

  JarStore(FlinkRest rest) {
    this.rest = rest;
  }

  /** The id of the jar, after it is uploaded if the cluster does not have the same already. */
  String id(Path jar) throws IOException, FlinkException {
    byte[] content = content(jar);
    String name =
        jar.getFileName().toString().replaceFirst("\\.jar$", "-" + checksum(content) + ".jar");
    Optional<String> known = known(name);
    return known.isPresent() ? known.get() : upload(name, content);
  }

  /** No outage that passes, as those of Flink are. */
  private static byte[] content(Path jar) throws FlinkException {
    try {
      return Files.readAllBytes(jar);
    } catch (IOException e) {
      throw new FlinkException("The jar %s cannot be read (%s)".formatted(jar, e));
    }
  }

  private Optional<String> known(String name) throws IOException, FlinkException {
    for (JsonElement file : rest.get("/jars").getAsJsonObject().getAsJsonArray("files")) {
      JsonObject fields = file.getAsJsonObject();
      if (fields.get("name").getAsString().equals(name)) {
        return Optional.of(fields.get("id").getAsString());
      }
    }
    return Optional.empty();
  }

  private String upload(String name, byte[] content) throws IOException, FlinkException {
    String head =
        """
        --%s
        Content-Disposition: form-data; name="jarfile"; filename="%s"
        Content-Type: application/x-java-archive

        """
            .formatted(BOUNDARY, name)
            .replace("\n", "\r\n");
    BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofString(head),
            BodyPublishers.ofByteArray(content),
            BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
    String file =
        rest.post("/jars/upload", "multipart/form-data; boundary=" + BOUNDARY, body)
            .getAsJsonObject()
            .get("filename")
            .getAsString();
    return file.substring(file.lastIndexOf('/') + 1);
  }

  private static String checksum(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
