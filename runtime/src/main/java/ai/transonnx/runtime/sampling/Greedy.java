package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.TopKCountRounding;
import java.util.OptionalLong;

/** Selects the token with the highest logit; of equal logits, the lowest token. */
public record Greedy() implements TokenSelector {
  /** Empty, since nothing is random. */
  @Override
  public OptionalLong seed() {
    return OptionalLong.empty();
  }

  @Override
  public TokenSelector seeded() {
    return this;
  }

  @Override
  public TokenChooser chooser(int vocabulary, int rows, TopKCountRounding rounding) {
    return (row, logits) -> argmax(row, logits, vocabulary);
  }

  /** The tokens with the highest logits. */
  @Override
  public BeamChooser beamChooser(int vocabulary, int prompts, TopKCountRounding rounding) {
    var candidates = new Candidates(vocabulary);
    return (prompt, logits, count) -> {
      checkHighest(prompt, logits, vocabulary);
      candidates.load(logits);
      candidates.keepHighest(count);
      return candidates.tokens();
    };
  }

  /** Checks that the highest of the first {@code size} logits is a finite number. */
  static void checkHighest(int row, float[] logits, int size) {
    float highest = logits[argmax(row, logits, size)];
    if (Float.isInfinite(highest)) {
      throw new RunException(
          "the highest logit in row %s is %s; the weights may have infinities"
              .formatted(row, highest));
    }
  }

  /** The index of the highest of the first {@code size} logits. */
  static int argmax(int row, float[] logits, int size) {
    int best = 0;
    for (int i = 0; i < size; i++) {
      if (Float.isNaN(logits[i])) {
        throw new RunException(
            "the logit of token %s in row %s is not a number; the weights may have NaN"
                .formatted(i, row));
      }
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
