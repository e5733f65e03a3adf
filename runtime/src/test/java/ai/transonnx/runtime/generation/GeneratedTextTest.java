package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.text.ByteText;
import ai.transonnx.runtime.text.Letters;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text of generations, and stop texts. */
final class GeneratedTextTest {
  private static final Letters LETTERS = new Letters(-1, Map.of("<end>", 4L));
  private static final int LENGTH = 20;

  /** The text that follows b, and the one that follows d. */
  private static final String FIRST =
      LETTERS.decode(TinyModels.greedy(Integer.MAX_VALUE, LENGTH, 1));

  private static final String SECOND =
      LETTERS.decode(TinyModels.greedy(Integer.MAX_VALUE, LENGTH, 3));

  @TempDir private Path folder;

  /** Receives the text of each row. */
  private static final class Streams implements TokenListener {
    private final StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};

    @Override
    public void onToken(int row, long token) {}

    @Override
    public void onText(int row, String text) {
      assertTrue(!text.isEmpty());
      texts[row].append(text);
    }
  }

  private static GenerationOptions.Builder options() {
    return GenerationOptions.builder(LENGTH).greedy();
  }

  private Generation generate(GenerationOptions options, TokenListener listener) {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var request =
          GenerationRequest.builder(LETTERS, List.of("b", "d"), options).listener(listener).build();
      return Generator.of(model).generate(request);
    }
  }

  @Test
  void eachRowHasItsText() {
    var streams = new Streams();
    var generation = generate(options().build(), streams);
    assertEquals(FIRST, generation.text(0));
    assertEquals(SECOND, generation.text(1));
    assertEquals(FIRST, streams.texts[0].toString());
    assertEquals(SECOND, streams.texts[1].toString());
  }

  @Test
  void aStopTextEndsItsRowBeforeIt() {
    String stop = FIRST.substring(5, 8);
    var streams = new Streams();
    var generation = generate(options().stopTexts(List.of(stop)).build(), streams);
    int end = FIRST.indexOf(stop);
    assertEquals(FIRST.substring(0, end), generation.text(0));
    assertEquals(FIRST.substring(0, end), streams.texts[0].toString());
    assertEquals(FinishReason.STOP, generation.finishReason(0));
    assertArrayEquals(
        LETTERS.encode(FIRST.substring(0, end + stop.length())), generation.tokens(0));
    int other = SECOND.indexOf(stop);
    assertEquals(other < 0 ? SECOND : SECOND.substring(0, other), generation.text(1));
  }

  @Test
  void theStartOfAStopTextAtTheEndIsText() {
    var streams = new Streams();
    String stop = FIRST.substring(LENGTH - 2) + "!";
    var generation = generate(options().stopTexts(List.of(stop)).build(), streams);
    assertEquals(FIRST, generation.text(0));
    assertEquals(FIRST, streams.texts[0].toString());
    assertEquals(FinishReason.LENGTH, generation.finishReason(0));
  }

  @Test
  void aStopTokenHasNoText() {
    long stop = LETTERS.encode(FIRST)[6];
    var generation = generate(options().stopTokens(Set.of(stop)).build(), new Streams());
    assertEquals(FIRST.substring(0, FIRST.indexOf((char) ('a' + stop))), generation.text(0));
  }

  @Test
  void theTextOfASpecialTokenStopsAtTheToken() {
    assertTrue(FIRST.contains("e"), FIRST);
    var generation = generate(options().stopTexts(List.of("<end>")).build(), new Streams());
    assertEquals(FIRST.substring(0, FIRST.indexOf('e')), generation.text(0));
    assertEquals(FinishReason.STOP, generation.finishReason(0));
  }

  @Test
  void aPromptThatEndsWithAStopIsContinued() {
    var options = options().stopTokens(Set.of(1L, 3L)).stopTexts(List.of("b", "d")).build();
    var generation = generate(options, new Streams());
    int end = (FIRST + "b").replace('d', 'b').indexOf('b');
    assertEquals(FIRST.substring(0, end), generation.text(0));
  }

  @Test
  void aCancelledGenerationReleasesItsText() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var cancellation = new Cancellation();
      var text = new StringBuilder();
      var listener =
          new TokenListener() {
            private int count;

            @Override
            public void onToken(int row, long token) {
              if (++count == 7) {
                cancellation.cancel();
              }
            }

            @Override
            public void onText(int row, String more) {
              text.append(more);
            }
          };
      var stops = options().stopTexts(List.of(FIRST.substring(5, 7) + "!")).build();
      var request =
          GenerationRequest.builder(LETTERS, List.of("b"), stops).listener(listener).build();
      var generation = Generator.of(model).generate(request, cancellation);
      assertEquals(FIRST.substring(0, 7), generation.text(0));
      assertEquals(FIRST.substring(0, 7), text.toString());
    }
  }

  @Test
  void aLengthThatEndsWithinACharacterEndsBeforeIt() {
    var bytes = new ByteText(256);
    var rows =
        GenerationRows.builder(GenerationOptions.builder(3).greedy().build())
            .text(bytes, new long[][] {{'a'}})
            .build();
    for (long next : new long[] {'b', 0xF0, 0x9F}) {
      rows.step(256, (row, into) -> oneHot(into, (int) next));
    }
    assertEquals("b", rows.result().text(0));
    assertEquals(FinishReason.LENGTH, rows.result().finishReason(0));
  }

  private static void oneHot(float[] logits, int token) {
    Arrays.fill(logits, 0);
    logits[token] = 1;
  }

  @Test
  void stopTextsNeedATokenizer() {
    var options = options().stopTexts(List.of("x")).build();
    var request = GenerationRequest.builder(new long[][] {{1}}, options);
    assertThrows(RequestException.class, request::build);
    assertThrows(RequestException.class, () -> options().stopTexts(List.of("a", "")).build());
  }

  @Test
  void aGenerationOfTokensHasNoText() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var generation = Generator.of(model).generate(new long[] {1}, options().build());
      assertThrows(RequestException.class, () -> generation.text(0));
    }
  }
}
