package ai.transonnx.djl.serving;

import static ai.transonnx.djl.serving.ServedModel.PROMPT;
import static ai.transonnx.djl.serving.ServedModel.json;
import static ai.transonnx.djl.serving.ServedModel.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.inference.streaming.ChunkedBytesSupplier;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.internal.RequestFields;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.text.ByteText;
import ai.transonnx.verification.CaseFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to generate: their texts are the generator's, whole and in parts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServedGenerationTest {
  private static final String LONG =
      "{'inputs': 'And the LORD said', 'stream': true, 'parameters': {'max_new_tokens': 4000}}"
          .replace('\'', '"');

  private Path file = Path.of("");
  private ServedModel served;

  @BeforeAll
  void load(@TempDir Path folder) throws Exception {
    file = folder.resolve("model.onnx");
    CaseFolder.read(ServedModel.BIBLE)
        .export(GraphRequest.builder().incremental(true).build(), file);
    served = ServedModel.load(file, Map.of());
  }

  @AfterAll
  void close() {
    served.close();
  }

  private Generation generated(GenerationOptions options) {
    try (var model = OnnxModel.load(file)) {
      var text = new ByteText(model.vocabulary().orElseThrow());
      return Generator.of(model)
          .generate(GenerationRequest.builder(text, List.of(PROMPT), options).build());
    }
  }

  private String greedy(int length) {
    return generated(GenerationOptions.builder(length).greedy().build()).text(0);
  }

  @Test
  void aTextIsContinuedGreedily() throws Exception {
    var input =
        ServedModel.input("text/plain; charset=utf-8", PROMPT.getBytes(StandardCharsets.UTF_8));
    var response = RequestFields.JSON.readTree(served.text(input));
    assertEquals(greedy(30), response.path("generated_text").textValue());
  }

  @Test
  void parametersSelectTheTokens() throws Exception {
    var sampling = Sampling.builder().temperature(0.8).unfiltered().topK(20).topP(0.9).seed(7);
    var expected = generated(GenerationOptions.builder(25).selector(sampling.build()).build());
    var response =
        served.answer(
            """
            {"inputs": "And the LORD said", "parameters": {"max_new_tokens": 25,
             "temperature": 0.8, "top_k": 20, "top_p": 0.9, "seed": 7, "return_full_text": true}}
            """);
    assertEquals(PROMPT + expected.text(0), response.path("generated_text").textValue());
  }

  @Test
  void aListIsAnsweredByAList() throws Exception {
    var response = served.answer("{\"inputs\": [\"In the\", \"And the LORD said\"]}");
    assertEquals(2, response.size());
    assertEquals(greedy(30), response.path(1).path("generated_text").textValue());
  }

  @Test
  void detailsHaveTheTokens() throws Exception {
    var details =
        served
            .answer(
                """
                {"inputs": "And the LORD said", "parameters": {"max_new_tokens": 6, "details": true}}
                """)
            .path("details");
    var expected = generated(GenerationOptions.builder(6).greedy().build()).tokens(0);
    assertEquals("length", details.path("finish_reason").textValue());
    assertEquals(6, details.path("generated_tokens").intValue());
    for (int i = 0; i < expected.length; i++) {
      var token = details.path("tokens").path(i);
      assertEquals(expected[i], token.path("id").longValue());
      assertTrue(token.path("log_prob").doubleValue() < 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"'\"stop\": \"LORD\"',stop_sequence", "'\"stop_token_ids\": [44]',eos_token"})
  void stopsEndTheText(String stop, String reason) throws Exception {
    String whole = greedy(60);
    var response =
        served.answer(
            """
            {"inputs": "And the LORD said",
             "parameters": {"max_new_tokens": 60, "details": true, %s}}
            """
                .formatted(stop));
    String end = reason.equals("eos_token") ? "," : "LORD";
    assertTrue(whole.contains(end), whole);
    assertEquals(
        whole.substring(0, whole.indexOf(end)),
        response.path("generated_text").textValue().split(end)[0]);
    assertEquals(reason, response.path("details").path("finish_reason").textValue());
  }

  @Test
  void aStreamHasALineForEachToken() throws Exception {
    var lines =
        served
            .text(
                json(
                    """
                    {"inputs": "And the LORD said", "stream": true,
                     "parameters": {"max_new_tokens": 12}}
                    """))
            .lines()
            .toList();
    assertEquals(12, lines.size());
    var text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      var line = RequestFields.JSON.readTree(lines.get(i));
      text.append(line.path("token").path("text").textValue());
      assertEquals(i == 11, line.has("generated_text"));
    }
    assertEquals(greedy(12), text.toString());
    assertEquals(
        greedy(12), RequestFields.JSON.readTree(lines.get(11)).path("generated_text").textValue());
  }

  @Test
  void aCompletionHasTheFormOfItsProtocol() throws Exception {
    var response =
        served.answer(
            """
            {"model": "bible", "prompt": "And the LORD said", "max_tokens": 8, "temperature": 0}
            """);
    assertEquals("bible", response.path("model").textValue());
    assertEquals("text_completion", response.path("object").textValue());
    assertEquals(greedy(8), response.path("choices").path(0).path("text").textValue());
    assertEquals("length", response.path("choices").path(0).path("finish_reason").textValue());
    assertEquals(
        "{\"prompt_tokens\":17,\"completion_tokens\":8,\"total_tokens\":25}",
        response.path("usage").toString());
  }

  @Test
  void aStreamOfACompletionHasEvents() throws Exception {
    var events =
        served
            .text(
                json(
                    """
                    {"prompt": "And the LORD said", "max_tokens": 8, "temperature": 0,
                     "stream": true}
                    """))
            .split("\n\n");
    var text = new StringBuilder();
    for (int i = 0; i < events.length - 1; i++) {
      var event = RequestFields.JSON.readTree(events[i].substring("data: ".length()));
      text.append(event.path("choices").path(0).path("text").textValue());
    }
    assertEquals(greedy(8), text.toString());
    assertEquals("data: [DONE]", events[events.length - 1]);
  }

  @Test
  void aWorkerGeneratesForSeveralClientsAtOnce() throws Exception {
    var inputs = List.of(json(LONG), json(LONG));
    var outputs = List.of(served.send(inputs.get(0)), served.send(inputs.get(1)));
    for (int i = 0; i < 5; i++) {
      for (var output : outputs) {
        assertFalse(next(output).isEmpty());
        assertTrue(((ChunkedBytesSupplier) output.getData()).hasNext());
      }
    }
    inputs.forEach(input -> input.setCancelled(true));
    for (var output : outputs) {
      assertTrue(ServedModel.text(output).contains("\"finish_reason\":\"error\""));
    }
  }

  @Test
  void closingTheModelEndsItsGenerations() throws Exception {
    var other = ServedModel.load(file, Map.of());
    var output = other.send(json(LONG));
    assertFalse(next(output).isEmpty());
    other.close();
    assertTrue(ServedModel.text(output).contains("the model is being unloaded"));
  }

  @Test
  void argumentsOfTheModelAreDefaults() throws Exception {
    var arguments = Map.of("length", "9", "stopText", ",", "maxTokens", "20", "engine", "x");
    try (var other = ServedModel.load(file, arguments)) {
      var text =
          RequestFields.JSON.readTree(other.text(json("{\"inputs\": \"And the LORD said\"}")));
      assertEquals(greedy(9), text.path("generated_text").textValue());
      var refused =
          other.send(json("{\"inputs\": \"a\", \"parameters\": {\"max_new_tokens\": 21}}"));
      assertEquals(400, refused.getCode());
      assertTrue(
          ServedModel.text(refused)
              .contains("'parameters.max_new_tokens' is not a whole number from 0 to 20"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"messages": []}                                   | no chat template
          {"inputs": "a", "parameters": {"tmperature": 1}}   | 'parameters.tmperature' is unknown
          {"inputs": "a", "parameters": {"top_p": 0}}        | 'top_p' is 0
          {"inputs": "a", "parameters": {"num_beams": 4}}    | 'parameters.num_beams' is not supported
          {"inputs": "a", "parameters": {"do_sample": 1}}    | 'parameters.do_sample' is not true or false
          {"inputs": ["a"], "stream": true}                  | 'stream' needs a single text
          {"inputs": ["a", 1]}                               | 'inputs' is not a string or an array of strings
          {"inputs": ""}                                     | the text is empty
          {"inputs": "\u00e9"}                               | the vocabulary ends at 127
          {"prompt": "a", "n": 2}                            | 'n' is not supported
          {"prompt": "a", "logprobs": 1}                     | 'logprobs' is unknown
          {"max_tokens": 3}                                  | 'inputs' or 'prompt' is missing
          {"inputs": "a"                                     | the body is not JSON: line 1
          {"inputs": "a"} 1                                  | the body is not JSON: line 1
          {"inputs": "a", "inputs": "b"}                     | the body is not JSON: line 1
          """)
  void requestsThatCannotBeHonouredAreRefused(String body, String phrase) throws Exception {
    var output = served.send(json(body));
    var text = ServedModel.text(output);
    assertEquals(400, output.getCode(), text);
    var error = RequestFields.JSON.readTree(text);
    assertEquals(400, error.path("code").intValue());
    assertTrue(error.path("error").textValue().contains(phrase), text);
  }
}
