package ai.transonnx.runtime.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A beam search that computes the logits of every text from its first token, and ranks all
 * extensions of all texts.
 *
 * @param logits of the next token of a text
 */
record NaiveBeamSearch(Function<long[], float[]> logits) {
  /** A text: the prompt and the new tokens. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Text(long[] tokens, double score) {}

  List<Text> search(long[] prompt, int beams, int length) {
    var texts = List.of(new Text(prompt, 0));
    for (int step = 0; step < length; step++) {
      var extended = new ArrayList<Text>();
      for (var text : texts) {
        float[] scores = logits.apply(text.tokens);
        double sum = 0;
        for (float score : scores) {
          sum += Math.exp(score);
        }
        for (int token = 0; token < scores.length; token++) {
          var tokens = Arrays.copyOf(text.tokens, text.tokens.length + 1);
          tokens[text.tokens.length] = token;
          extended.add(new Text(tokens, text.score + scores[token] - Math.log(sum)));
        }
      }
      extended.sort(Comparator.comparingDouble(Text::score).reversed());
      texts = extended.subList(0, Math.min(beams, extended.size()));
    }
    return texts;
  }
}
