package dev.kafkacloudberry.scheduler.flink;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlinkClusterTest {

  /** Other programs answer with JSON too, and some with the same for every path. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "200 | {}",
        "200 | \"?\"",
        "200 | []",
        "200 | [\"?\"]",
        "200 | [{\"name\": \"?\"}]",
        "200 | <html></html>",
        "404 | {\"message\": \"no such page\"}",
        "404 | {\"errors\": \"no such page\"}"
      })
  void whatAnswersOtherwiseThanFlinkIsNotFlink(int status, String answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      URI address = URI.create("http://localhost:" + server.getAddress().getPort());
      assertThatThrownBy(() -> new FlinkCluster(address).configuration())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "What answers at %s is not Flink (HTTP %d)".formatted(address, status));
    } finally {
      server.stop(0);
    }
  }
}
