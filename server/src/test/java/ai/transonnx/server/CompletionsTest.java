package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.scoring.Scorer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Completions have the text of the generator, in the form of OpenAI's protocol. */
@Timeout(60)
final class CompletionsTest extends ServedModel {
  CompletionsTest() {
    super(ServerOptions.builder());
  }

  private static String body(String fields) {
    return "{\"model\": \"bible\", \"prompt\": \"%s\", %s}".formatted(PROMPT, fields);
  }

  private String greedy(int length) {
    return generated(GenerationOptions.builder(length).greedy().build()).text(0);
  }

  @Test
  void theTextIsTheGenerators() throws Exception {
    var response = complete(body("\"max_tokens\": 40, \"temperature\": 0"));
    var choice = response.path("choices").path(0);
    assertEquals(greedy(40), choice.path("text").textValue());
    assertEquals("length", choice.path("finish_reason").textValue());
    assertEquals("text_completion", response.path("object").textValue());
    assertEquals("bible", response.path("model").textValue());
    assertEquals(
        "{\"prompt_tokens\":%s,\"completion_tokens\":40,\"total_tokens\":%s}"
            .formatted(PROMPT.length(), PROMPT.length() + 40),
        response.path("usage").toString());
  }

  @Test
  void sixteenTokensAreTheDefault() throws Exception {
    var response = complete(body("\"temperature\": 0"));
    assertEquals(greedy(16), response.at("/choices/0/text").textValue());
  }

  @Test
  void aSeedSamplesTheGeneratorsText() throws Exception {
    var sampling = Sampling.builder().temperature(0.9).topP(0.95).seed(7).build();
    var expected = generated(GenerationOptions.builder(30).selector(sampling).build()).text(0);
    var response =
        complete(body("\"max_tokens\": 30, \"temperature\": 0.9, \"top_p\": 0.95, \"seed\": 7"));
    assertEquals(expected, response.at("/choices/0/text").textValue());
  }

  @Test
  void choicesHaveSeedsOfTheirOwn() throws Exception {
    var choices = complete(body("\"max_tokens\": 30, \"n\": 2, \"seed\": 7")).path("choices");
    assertEquals(2, choices.size());
    assertEquals(1, choices.path(1).path("index").intValue());
    assertNotEquals(choices.path(0).path("text"), choices.path(1).path("text"));
  }

  @Test
  void aStopTextEndsTheChoiceBeforeIt() throws Exception {
    String whole = greedy(60);
    String stop = whole.substring(20, 24);
    var choice =
        complete(body("\"max_tokens\": 60, \"temperature\": 0, \"stop\": [\"%s\"]".formatted(stop)))
            .path("choices")
            .path(0);
    assertEquals(whole.substring(0, whole.indexOf(stop)), choice.path("text").textValue());
    assertEquals("stop", choice.path("finish_reason").textValue());
  }

  @Test
  void severalPromptsAreContinued() throws Exception {
    long[] tokens = tokenizer.encode(PROMPT);
    var response =
        complete(
            "{\"prompt\": [%s, %s], \"max_tokens\": 20, \"temperature\": 0}"
                .formatted(JSON.writeValueAsString(tokens), JSON.writeValueAsString(tokens)));
    assertEquals(greedy(20), response.at("/choices/0/text").textValue());
    assertEquals(greedy(20), response.at("/choices/1/text").textValue());
  }

  @Test
  void anEchoBeginsWithThePrompt() throws Exception {
    var response = complete(body("\"max_tokens\": 5, \"temperature\": 0, \"echo\": true"));
    assertEquals(PROMPT + greedy(5), response.at("/choices/0/text").textValue());
  }

  @Test
  void logprobsAreThoseOfTheScorer() throws Exception {
    var choice =
        complete(body("\"max_tokens\": 12, \"temperature\": 0, \"logprobs\": 2")).at("/choices/0");
    var logprobs = choice.path("logprobs");
    double[] bits = Scorer.of(model).bits(tokenizer.encode(PROMPT + greedy(12)));
    for (int i = 0; i < 12; i++) {
      double expected = -bits[PROMPT.length() - 1 + i] * Math.log(2);
      var token = logprobs.path("tokens").path(i).textValue();
      assertEquals(expected, logprobs.path("token_logprobs").path(i).doubleValue(), 1e-4);
      var top = logprobs.path("top_logprobs").path(i);
      assertEquals(2, top.size());
      assertEquals(token, top.fieldNames().next(), "a greedy token is the most likely one");
      assertEquals(PROMPT.length() + i, logprobs.path("text_offset").path(i).intValue());
    }
  }

  private List<JsonNode> events(String body) throws Exception {
    var response = post(body);
    assertEquals("text/event-stream", response.headers().firstValue("content-type").orElseThrow());
    var events = new ArrayList<JsonNode>();
    var data = response.body().split("\n\n");
    for (int i = 0; i < data.length - 1; i++) {
      assertTrue(data[i].startsWith("data: "), data[i]);
      events.add(JSON.readTree(data[i].substring("data: ".length())));
    }
    assertEquals("data: [DONE]", data[data.length - 1]);
    return events;
  }

  @Test
  void aStreamHasTheSameTextInParts() throws Exception {
    var events =
        events(
            body(
                "\"max_tokens\": 40, \"temperature\": 0, \"stream\": true,"
                    + " \"stream_options\": {\"include_usage\": true}"));
    var text = new StringBuilder();
    for (var event : events) {
      event.path("choices").forEach(choice -> text.append(choice.path("text").textValue()));
    }
    assertEquals(greedy(40), text.toString());
    assertTrue(events.size() > 10, "parts");
    var last = events.get(events.size() - 1);
    assertEquals(0, last.path("choices").size());
    assertEquals(40, last.at("/usage/completion_tokens").intValue());
    var end = events.get(events.size() - 2).at("/choices/0/finish_reason");
    assertEquals("length", end.textValue());
  }

  @Test
  void aStreamWithoutUsageHasNone() throws Exception {
    var events = events(body("\"max_tokens\": 3, \"temperature\": 0, \"stream\": true"));
    assertFalse(events.stream().anyMatch(event -> event.has("usage")));
  }

  @Test
  void theModelIsListed() throws Exception {
    assertEquals("bible", get("/v1/models").at("/data/0/id").textValue());
    assertEquals("model", get("/v1/models/bible").path("object").textValue());
  }

  @Test
  void healthAndMetricsAreReported() throws Exception {
    complete(body("\"max_tokens\": 3"));
    assertEquals("ok", get("/health").path("status").textValue());
    var metrics = send(request("/metrics")).body();
    assertTrue(metrics.contains("transonnx_tokens_total"), metrics);
    assertTrue(metrics.contains("transonnx_first_token_seconds_count"), metrics);
    assertTrue(metrics.contains("endpoint=\"/v1/completions\",status=\"200\""), metrics);
  }
}
