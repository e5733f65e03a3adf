package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generations end with their clients, their time, and the server. */
@Timeout(60)
final class EndsTest extends ServedModel {
  EndsTest() {
    super(
        ServerOptions.builder()
            .limits(
                ServerLimits.builder()
                    .timeout(Duration.ofSeconds(20))
                    .maxRows(2)
                    .maxWaiting(0)
                    .build()));
  }

  /** The generations of earlier tests leave the queue after their clients have left. */
  @BeforeEach
  void awaitRoomForTwo() throws Exception {
    while (post("{\"prompt\": \"In\", \"max_tokens\": 1, \"n\": 2}").statusCode() != 200) {
      Thread.onSpinWait();
    }
  }

  private static String longRequest(boolean stream) {
    return "{\"prompt\": \"In\", \"max_tokens\": 250, \"n\": 2, \"temperature\": 0, \"stream\": %s}"
        .formatted(stream);
  }

  private Socket open(String body) throws IOException {
    var socket = new Socket(server.uri().getHost(), server.uri().getPort());
    String request =
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %s\r\n\r\n%s"
            .formatted(body.length(), body);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void otherNamesThanLoopbacksAreRefused() throws Exception {
    try (var socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
      String request = "GET /v1/models HTTP/1.1\r\nHost: example.org:8080\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertEquals("HTTP/1.1 403", status);
    }
  }

  private int generating() throws Exception {
    return get("/health").path("generating").intValue();
  }

  private double cancelled() throws Exception {
    return send(request("/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith("transonnx_generations_total{end=\"cancelled\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatDisconnectsEndsItsGeneration(boolean stream) throws Exception {
    double before = cancelled();
    try (var socket = open(longRequest(stream))) {
      if (stream) {
        assertEquals('H', socket.getInputStream().read());
      } else {
        while (generating() == 0) {
          Thread.onSpinWait();
        }
      }
    }
    while (cancelled() < before + 2) {
      Thread.onSpinWait();
    }
    assertEquals(before + 2, cancelled());
  }

  @Test
  void moreThanTheQueueHoldsIsRefused() throws Exception {
    var response = post("{\"prompt\": \"In\", \"max_tokens\": 250, \"n\": 3}");
    assertEquals(429, response.statusCode(), response.body());
    assertTrue(response.headers().firstValue("retry-after").isPresent());
    assertEquals(
        "rate_limit_exceeded", JSON.readTree(response.body()).at("/error/code").textValue());
  }
}
