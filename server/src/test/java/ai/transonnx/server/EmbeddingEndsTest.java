package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests for embeddings end with their clients and their time, and wait in a bounded queue. */
@Timeout(60)
final class EmbeddingEndsTest extends ServedEncoder {
  private static final int MANY = 50_000;

  EmbeddingEndsTest() {
    super(ServerOptions.builder().limits(limits().build()));
  }

  private static ServerLimits.Builder limits() {
    return ServerLimits.builder().maxRows(1).maxWaiting(0).maxInputs(MANY);
  }

  private static String many() throws Exception {
    return "{\"input\": %s}"
        .formatted(JSON.writeValueAsString(Collections.nCopies(MANY, "abcdefg")));
  }

  /** Sends a request that takes seconds, and waits until it is computed. */
  private Socket openLong() throws Exception {
    var socket = new Socket(server.uri().getHost(), server.uri().getPort());
    String body = many();
    String request =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %s\r\n\r\n%s"
            .formatted(PATH, body.length(), body);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    while (get("/health").path("waiting").intValue() == 0) {
      Thread.onSpinWait();
    }
    return socket;
  }

  private double ended(String how) throws Exception {
    return send(request("/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith("transonnx_embeddings_total{end=\"%s\"}".formatted(how)))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void aClientThatDisconnectsMakesRoomForOthers() throws Exception {
    double before = ended("cancelled");
    try (var socket = openLong()) {
      assertTrue(socket.isConnected());
      var response = post(PATH, "{\"input\": \"a\"}");
      assertEquals(429, response.statusCode(), response.body());
      assertTrue(response.headers().firstValue("retry-after").isPresent());
      assertTrue(ended("rejected") > 0);
    }
    while (ended("cancelled") == before) {
      Thread.onSpinWait();
    }
    assertEquals(before + MANY, ended("cancelled"));
    assertEquals(200, post(PATH, "{\"input\": \"a\"}").statusCode());
  }

  @Test
  void aRequestEndsAtItsDeadline() throws Exception {
    var options =
        ServerOptions.builder()
            .port(0)
            .limits(limits().timeout(Duration.ofMillis(1)).build())
            .build();
    try (var hasty = InferenceServer.start(model, tokenizer, options)) {
      var response =
          send(
              HttpRequest.newBuilder(hasty.uri().resolve(PATH))
                  .POST(BodyPublishers.ofString(many())));
      assertEquals(504, response.statusCode(), response.body());
      assertEquals("timeout", JSON.readTree(response.body()).at("/error/code").textValue());
    }
  }
}
