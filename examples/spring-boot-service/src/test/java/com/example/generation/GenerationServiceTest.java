package com.example.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"transonnx.max-tokens=10000000", "transonnx.max-prompt-characters=100"})
class GenerationServiceTest {
  private static final String ENDLESS =
      """
      {"prompt": "In the beginning", "length": 10000000}
      """;

  @TempDir private static Path folder;

  @Autowired private OnnxModel model;
  @Autowired private Tokenizer tokenizer;
  @Autowired private GenerationScheduler scheduler;
  @LocalServerPort private int port;

  private Client client;

  @DynamicPropertySource
  static void export(DynamicPropertyRegistry properties) throws IOException {
    var file = ExportedModel.in(folder);
    properties.add("transonnx.model", file::toString);
  }

  @BeforeEach
  void connect() {
    client = new Client(port);
  }

  @Test
  void aStreamHasTheTextThatAGeneratorGeneratesAlone() throws Exception {
    var response =
        client.generate(
            """
            {"prompt": "In the beginning", "length": 30, "temperature": 0}
            """);

    var request =
        GenerationRequest.builder(
                tokenizer,
                List.of("In the beginning"),
                GenerationOptions.builder(30).greedy().build())
            .build();
    var expected = Generator.of(model).generate(request);
    var events = Client.events(response.body());
    var end = events.get(events.size() - 1);
    var texts = events.subList(0, events.size() - 1);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
    assertThat(texts).hasSizeGreaterThan(1).allMatch(event -> event.name().equals("text"));
    assertThat(texts.stream().map(event -> event.data().get("text").asString()))
        .satisfies(parts -> assertThat(String.join("", parts)).isEqualTo(expected.text(0)));
    assertThat(end.name()).isEqualTo("end");
    assertThat(end.data().get("reason").asString()).isEqualTo("length");
    assertThat(end.data().get("tokens").asInt()).isEqualTo(30);
  }

  @Test
  void theSeedOfAStreamGeneratesItsTextAgain() throws Exception {
    var first = Client.events(client.generate("{\"prompt\": \"And\", \"length\": 20}").body());
    long seed = first.get(first.size() - 1).data().get("seed").asLong();

    var second =
        client.generate("{\"prompt\": \"And\", \"length\": 20, \"seed\": %s}".formatted(seed));

    assertThat(Client.events(second.body())).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"prompt": "And", "length": 0}        | 'length' is 0; 1 to 10000000 are possible
          {"prompt": "And", "temperature": -1}  | temperature is -1.0, not a number above 0
          {"prompt": ""}                        | the prompt is empty
          {"length": 3}                         | 'prompt' is missing
          {"prompt": "And", "lenght": 3}        | there is no field 'lenght'
          {"prompt": "And", "length": "7"}      | Cannot coerce String value
          {"prompt": "And", "length": 1.5}      | 1.5
          {"prompt": "And", "stop": [null]}     | 'stop' is not an array of up to 16 texts
          {"prompt": "And"                      | Unexpected end-of-input
          """)
  void anInvalidRequestIsAProblemThatNamesTheReason(String body, String reason) throws Exception {
    assertProblem(body, reason);
  }

  @Test
  void aPromptThatIsTooLongIsRefusedBeforeItIsEncoded() throws Exception {
    assertProblem(
        "{\"prompt\": \"%s\"}".formatted("a".repeat(101)),
        "'prompt' has 101 characters; at most 100 are possible");
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedWhileItIsRead() throws Exception {
    assertProblem(
        "{\"prompt\": \"%s\"}".formatted("a".repeat(2_000_000)),
        "exceeds the maximum allowed (1000000");
  }

  private void assertProblem(String body, String reason) throws Exception {
    var response = client.generate(body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(Client.json(response).get("detail").asString())
        .contains(reason)
        .doesNotContain("\n");
  }

  @Test
  void aClientThatDisconnectsEndsItsGeneration() throws Exception {
    try (var lines = client.open(ENDLESS).body()) {
      assertThat(lines.iterator().next()).isEqualTo("event:text");
      assertThat(scheduler.status().decoding()).isEqualTo(1);
    }

    await().until(() -> scheduler.status().decoding() == 0);
  }

  @Test
  void healthDescribesTheModel() throws Exception {
    var response = client.get("/actuator/health/readiness");

    var model = Client.json(response).get("components").get("model");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(model.get("status").asString()).isEqualTo("UP");
    assertThat(model.get("details").get("file").asString()).endsWith("model.onnx");
  }

  @Test
  void metricsCountTokensAndGenerations() throws Exception {
    client.generate("{\"prompt\": \"And\", \"length\": 5}");

    var metrics =
        client
            .get("/actuator/prometheus")
            .body()
            .lines()
            .filter(line -> line.startsWith("transonnx_"))
            .collect(Collectors.joining("\n"));
    assertThat(metrics)
        .contains("transonnx_tokens_total")
        .contains("transonnx_generations_total{end=\"length\"}")
        .contains("transonnx_token_first_seconds_count");
  }
}
