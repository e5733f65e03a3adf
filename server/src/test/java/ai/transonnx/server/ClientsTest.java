package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.runtime.generation.GenerationOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.completions.CompletionCreateParams;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiStreamingLanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that Java programs use for OpenAI's protocol. */
@Timeout(120)
final class ClientsTest extends ServedModel {
  private static final String KEY = "a-key";

  ClientsTest() {
    super(ServerOptions.builder().apiKey(KEY));
  }

  private String url() {
    return server.uri() + "/v1";
  }

  private String greedy() {
    return generated(GenerationOptions.builder(20).greedy().build()).text(0);
  }

  private OpenAIClient openAi() {
    return OpenAIOkHttpClient.builder().baseUrl(url()).apiKey(KEY).build();
  }

  private static CompletionCreateParams.Builder params() {
    return CompletionCreateParams.builder()
        .model("bible")
        .prompt(PROMPT)
        .maxTokens(20)
        .temperature(0);
  }

  @Test
  void openAisClientCompletes() {
    var client = openAi();
    var completion = client.completions().create(params().build());
    assertEquals(greedy(), completion.choices().get(0).text());
    assertEquals(20, completion.usage().orElseThrow().completionTokens());
    client.close();
  }

  @Test
  void openAisClientStreams() {
    var client = openAi();
    var text = new StringBuilder();
    try (var stream = client.completions().createStreaming(params().build())) {
      stream.stream().forEach(part -> part.choices().forEach(choice -> text.append(choice.text())));
    }
    assertEquals(greedy(), text.toString());
    client.close();
  }

  @Test
  void openAisClientUnderstandsErrors() {
    var client = openAi();
    var params = params().suffix("end").build();
    var error = assertThrows(BadRequestException.class, () -> client.completions().create(params));
    assertEquals("suffix", error.param().orElseThrow());
    client.close();
  }

  @Test
  void langchain4jCompletes() {
    var model =
        OpenAiLanguageModel.builder()
            .baseUrl(url())
            .apiKey(KEY)
            .modelName("bible")
            .temperature(0.0)
            .build();
    String expected = generated(GenerationOptions.builder(16).greedy().build()).text(0);
    var response = model.generate(PROMPT);
    assertEquals(expected, response.content());
    assertEquals(FinishReason.LENGTH, response.finishReason());
  }

  @Test
  void langchain4jStreams() {
    var model =
        OpenAiStreamingLanguageModel.builder()
            .baseUrl(url())
            .apiKey(KEY)
            .modelName("bible")
            .temperature(0.0)
            .build();
    var whole = new CompletableFuture<String>();
    var text = new StringBuilder();
    model.generate(
        PROMPT,
        new StreamingResponseHandler<String>() {
          @Override
          public void onNext(String token) {
            text.append(token);
          }

          @Override
          public void onComplete(Response<String> response) {
            whole.complete(text.toString());
          }

          @Override
          public void onError(Throwable error) {
            whole.completeExceptionally(error);
          }
        });
    String expected = generated(GenerationOptions.builder(16).greedy().build()).text(0);
    assertEquals(expected, whole.join());
  }
}
