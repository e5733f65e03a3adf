package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that Java programs use for embeddings of OpenAI's protocol. */
@Timeout(120)
final class EmbeddingClientsTest extends ServedEncoder {
  private static final String KEY = "a-key";

  EmbeddingClientsTest() {
    super(ServerOptions.builder().apiKey(KEY));
  }

  private String url() {
    return server.uri() + "/v1";
  }

  private OpenAIClient openAi() {
    return OpenAIOkHttpClient.builder().baseUrl(url()).apiKey(KEY).build();
  }

  private static float[] floats(Embedding embedding) {
    var vector = new float[embedding.embedding().size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = embedding.embedding().get(i);
    }
    return vector;
  }

  /** Without a format, the client requests Base64. */
  @Test
  void openAisClientEmbeds() {
    assertEmbeds(params());
  }

  @Test
  void openAisClientReceivesNumbers() {
    assertEmbeds(params().encodingFormat(EncodingFormat.FLOAT));
  }

  private static EmbeddingCreateParams.Builder params() {
    return EmbeddingCreateParams.builder()
        .model("encoder")
        .inputOfArrayOfStrings(List.of("hello", "abcdefgh"));
  }

  private void assertEmbeds(EmbeddingCreateParams.Builder params) {
    var client = openAi();
    var response = client.embeddings().create(params.build());
    assertArrayEquals(mean("hello"), floats(response.data().get(0)), ROUNDING);
    assertArrayEquals(mean("abcdefgh"), floats(response.data().get(1)), ROUNDING);
    assertEquals(13, response.usage().promptTokens());
    client.close();
  }

  @Test
  void openAisClientUnderstandsErrors() {
    var client = openAi();
    var params = EmbeddingCreateParams.builder().model("encoder").input("a").dimensions(3).build();
    var error = assertThrows(BadRequestException.class, () -> client.embeddings().create(params));
    assertEquals("dimensions", error.param().orElseThrow());
    var prompt = CompletionCreateParams.builder().model("encoder").prompt("a").build();
    error = assertThrows(BadRequestException.class, () -> client.completions().create(prompt));
    assertTrue(error.getMessage().contains("does not continue text"), error.getMessage());
    client.close();
  }

  @Test
  void langchain4jEmbeds() {
    var model =
        OpenAiEmbeddingModel.builder().baseUrl(url()).apiKey(KEY).modelName("encoder").build();
    assertArrayEquals(mean("hello"), model.embed("hello").content().vector(), ROUNDING);
    var all = model.embedAll(List.of(TextSegment.from("go"), TextSegment.from("abcd")));
    assertArrayEquals(mean("go"), all.content().get(0).vector(), ROUNDING);
    assertArrayEquals(mean("abcd"), all.content().get(1).vector(), ROUNDING);
    assertEquals(6, all.tokenUsage().totalTokenCount());
    assertEquals(mean("a").length, model.dimension());
  }
}
