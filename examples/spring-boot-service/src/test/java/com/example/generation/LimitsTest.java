package com.example.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "transonnx.max-tokens=10000000",
      "transonnx.max-rows=1",
      "transonnx.max-waiting=0",
      "transonnx.timeout=3s"
    })
class LimitsTest {
  private static final String ENDLESS =
      """
      {"prompt": "In the beginning", "length": 10000000}
      """;

  @TempDir private static Path folder;

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void export(DynamicPropertyRegistry properties) throws IOException {
    var file = ExportedModel.in(folder);
    properties.add("transonnx.model", file::toString);
  }

  @Test
  void aFullServiceRefusesRequestsAndAStreamEndsAtItsDeadline() throws Exception {
    var client = new Client(port);
    try (var lines = client.open(ENDLESS).body()) {
      var refused = client.generate(ENDLESS);
      var health = client.get("/actuator/health/readiness");

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
      assertThat(Client.json(refused).get("detail").asString())
          .isEqualTo("too many requests wait; try again later");
      assertThat(health.statusCode()).isEqualTo(503);

      var events = Client.events(lines.collect(Collectors.joining("\n")));
      var end = events.get(events.size() - 1);
      assertThat(end.name()).isEqualTo("end");
      assertThat(end.data().get("reason").asString()).isEqualTo("deadline");
    }
  }
}
