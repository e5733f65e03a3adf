package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.spark.internal.file.ModelSource;
import ai.transonnx.spark.internal.model.SharedModels;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The computation for each text, as the driver plans it. */
public interface TextTask extends Serializable {
  /** The model and how texts become tokens. */
  TextModel text();

  /** The number of rows that are read before their results are computed. */
  int windowRows();

  /**
   * Prepares the computation.
   *
   * @throws ai.transonnx.runtime.ModelException if the model cannot compute it
   */
  TextComputation open(SharedModels.Lease lease, Cancellation cancellation);

  /** Loads the model and prepares the computation, which closes both. */
  default TextComputation open(Cancellation cancellation) {
    var lease = SharedModels.acquire(text().model(), text().tokenizer(), cancellation);
    try {
      return open(lease, cancellation);
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  /**
   * The model and how texts become tokens.
   *
   * @param tokenizer null for the model's own
   * @param addsSpecialTokens whether the tokenizer adds its special tokens to each text
   */
  record TextModel(ModelSource model, @Nullable ModelSource tokenizer, boolean addsSpecialTokens)
      implements Serializable {
    /**
     * The tokens of a text.
     *
     * @throws RequestException if it cannot be encoded
     */
    long[] encode(SharedModels.Lease lease, String text) {
      return addsSpecialTokens
          ? lease.tokenizer().encodeWithSpecialTokens(text)
          : lease.tokenizer().encode(text);
    }

    /**
     * The tokens of a text whose number is limited.
     *
     * @param truncates whether a text of more than {@code most} tokens is cut at its end
     * @throws RequestException if it cannot be encoded, or has fewer or more tokens
     */
    long[] encode(SharedModels.Lease lease, String text, int least, int most, boolean truncates) {
      long[] tokens = encode(lease, text);
      if (tokens.length < least || (tokens.length > most && !truncates)) {
        throw new RequestException(
            "the text has %s tokens; %s to %s are possible".formatted(tokens.length, least, most));
      }
      return tokens.length > most ? Arrays.copyOf(tokens, most) : tokens;
    }
  }
}
