package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.runtime.RequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LogProbabilitiesTest {
  private static final float[] LOGITS = {0, (float) Math.log(2), 0, (float) Math.log(4)};

  @Test
  void aProbabilityIsTheSoftmaxOfItsLogit() {
    var probabilities = new LogProbabilities(LOGITS);
    assertEquals(Math.log(1 / 8.0), probabilities.of(0).logProbability(), 1e-6);
    assertEquals(Math.log(4 / 8.0), probabilities.of(3).logProbability(), 1e-6);
  }

  @Test
  void largeLogitsDoNotOverflow() {
    var probabilities = new LogProbabilities(new float[] {1e30f, 1e30f});
    assertEquals(Math.log(0.5), probabilities.of(0).logProbability(), 1e-6);
  }

  @Test
  void theMostLikelyTokensComeFirstAndOfEqualsTheLower() {
    var highest = new LogProbabilities(LOGITS).highest(3);
    assertEquals(List.of(3L, 1L, 0L), highest.stream().map(TokenLogProbability::token).toList());
  }

  @Test
  void listenersReceiveThemBeforeTheToken() {
    var events = new ArrayList<String>();
    var listener =
        new TokenListener() {
          @Override
          public void onToken(int row, long token) {
            events.add("token " + token);
          }

          @Override
          public void onLogProbabilities(
              int row, TokenLogProbability selected, List<TokenLogProbability> most) {
            events.add("selected %s of %s".formatted(selected.token(), most.size()));
          }
        };
    var options = GenerationOptions.builder(1).greedy().logProbabilities(2).build();
    var rows = GenerationRows.builder(options).listener(listener).build();
    rows.step(LOGITS.length, (row, into) -> System.arraycopy(LOGITS, 0, into, 0, into.length));
    assertEquals(List.of("selected 3 of 2", "token 3"), events);
  }

  @Test
  void impossibleNumbersAreRefused() {
    Stream.of(
            GenerationOptions.builder(1).logProbabilities(-1),
            GenerationOptions.builder(1).logProbabilities(1001),
            GenerationOptions.builder(1).logProbabilities(1).beams(2))
        .forEach(options -> assertThrows(RequestException.class, options::build));
  }
}
