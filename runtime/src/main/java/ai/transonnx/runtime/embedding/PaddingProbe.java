package ai.transonnx.runtime.embedding;

import ai.transonnx.runtime.Cancellation;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Measures whether padding that a mask marks changes embeddings. No metadata say so: some options
 * compute with the number of positions, or with the positions of padding. Has no state.
 */
final class PaddingProbe {
  private static final int[] LENGTHS = {1, 2, 4, 7, 13};

  /** The tolerance of float32, relative to the largest element. */
  private static final double ROUNDING = 3e-5;

  /** Rounding of padded rows may be as much larger than that of other rows of a call. */
  private static final int FACTOR = 4;

  private PaddingProbe() {}

  /** Computes a few sequences alone, with others of their length, and with padding. */
  static boolean isNeutral(EmbeddingModel model, Pooling pooling) {
    int tokens = model.vocabulary().count().orElse(1);
    var random = new Random(1);
    var sequences =
        IntStream.of(LENGTHS)
            .filter(length -> length <= model.longest())
            .mapToObj(length -> random.longs(length, 0, tokens).toArray())
            .toList();
    var longest = sequences.get(sequences.size() - 1);
    var cancellation = new Cancellation();
    for (var sequence : sequences) {
      var other = random.longs(sequence.length, 0, tokens).toArray();
      float[] alone = model.run(List.of(sequence), pooling, cancellation)[0];
      float[] shared = model.run(List.of(sequence, other), pooling, cancellation)[0];
      float[] padded = model.run(List.of(sequence, longest), pooling, cancellation)[0];
      double rounding = Math.max(ROUNDING, FACTOR * difference(alone, shared));
      if (!(difference(alone, padded) <= rounding)) {
        return false;
      }
    }
    return true;
  }

  /** The largest difference, relative to the largest element. */
  private static double difference(float[] first, float[] second) {
    double difference = 0;
    double largest = 1;
    for (int i = 0; i < first.length; i++) {
      difference = Math.max(difference, Math.abs((double) first[i] - second[i]));
      largest = Math.max(largest, Math.abs(first[i]));
    }
    return difference / largest;
  }
}
