package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.spark.internal.model.SharedModels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Scores texts.
 *
 * @param truncates whether a text that is too long is cut at its end
 */
public record ScoreTask(
    TextModel text, Score score, boolean truncates, int batchSize, int windowRows)
    implements TextTask {
  /** The value of the output column. */
  public enum Score {
    /** The mean of the bits of all tokens except the first. */
    BITS_PER_TOKEN("bitsPerToken"),
    /** The natural logarithm of the probability of all tokens after the first. */
    LOG_LIKELIHOOD("logLikelihood"),
    /** The bits of each token except the first. */
    TOKEN_BITS("tokenBits");

    private final String label;

    Score(String label) {
      this.label = label;
    }

    /** The value of the parameter. */
    public String label() {
      return label;
    }

    /** The score with a label. */
    public static Score of(String label) {
      return Arrays.stream(values()).filter(s -> s.label.equals(label)).findFirst().orElseThrow();
    }

    private Object value(double[] bits) {
      return switch (this) {
        case BITS_PER_TOKEN -> DoubleStream.of(bits).average().orElseThrow();
        case LOG_LIKELIHOOD -> -Math.log(2) * DoubleStream.of(bits).sum();
        case TOKEN_BITS -> bits;
      };
    }
  }

  @Override
  public TextComputation open(SharedModels.Lease lease, Cancellation cancellation) {
    return new Computation(lease, cancellation);
  }

  private final class Computation implements TextComputation {
    private final SharedModels.Lease lease;
    private final Cancellation cancellation;
    private final Scorer scorer;
    private final int longest;

    Computation(SharedModels.Lease lease, Cancellation cancellation) {
      var model = lease.model();
      var logits = TokenInputs.checkLanguageModel(model);
      if (logits.rank() != 3 || logits.fixedSize(1).isPresent()) {
        throw new ModelException(
            model.file(),
            "%s has no scores at each position; export the model with the logits of all positions"
                .formatted(logits));
      }
      this.lease = lease;
      this.cancellation = cancellation;
      this.scorer = Scorer.of(model);
      this.longest = (int) Math.min(model.metadata().longestCall() + 1L, Integer.MAX_VALUE);
    }

    @Override
    public List<RowResult> compute(List<TextRow> rows) {
      return new EqualLengths(batchSize)
          .compute(
              rows,
              content -> text.encode(lease, content, 2, longest, truncates),
              sequences ->
                  Arrays.stream(scorer.bits(sequences, cancellation)).map(score::value).toList());
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}
