package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How rows are continued.
 *
 * @param temperature 0 to select the most likely token
 * @param topK 0 to keep all tokens
 * @param topP 1 to keep all tokens
 * @param minP 0 to keep all tokens
 * @param seed that of all rows, from which each derives its own
 */
public record GenerationSettings(
    int maxTokens,
    double temperature,
    int topK,
    double topP,
    double minP,
    List<String> stop,
    Set<Long> stopTokens,
    long seed)
    implements Serializable {
  /**
   * @throws RequestException if a value is out of range, or has no effect beside another
   */
  public GenerationSettings {
    stop = List.copyOf(stop);
    stopTokens = new TreeSet<>(stopTokens); // its order is the same in every process
    if (temperature == 0 && (topK > 0 || topP < 1 || minP > 0)) {
      throw new RequestException(
          "temperature is 0, which selects the most likely token; topK, topP and minP have no"
              + " effect, remove them");
    }
    options(maxTokens, temperature, topK, topP, minP, stop, stopTokens, seed);
  }

  /** The options of a row. */
  GenerationOptions options(TextRow row, String text) {
    var key = row.key();
    long own = RowSeed.of(seed, key == null ? text : key);
    return options(maxTokens, temperature, topK, topP, minP, stop, stopTokens, own);
  }

  private static GenerationOptions options(
      int maxTokens,
      double temperature,
      int topK,
      double topP,
      double minP,
      List<String> stop,
      Set<Long> stopTokens,
      long seed) {
    return GenerationOptions.builder(maxTokens)
        .selector(selector(temperature, topK, topP, minP, seed))
        .stopTexts(stop)
        .stopTokens(stopTokens)
        .build();
  }

  private static TokenSelector selector(
      double temperature, int topK, double topP, double minP, long seed) {
    if (temperature == 0) {
      return new Greedy();
    }
    var sampling = Sampling.builder().temperature(temperature).unfiltered().seed(seed);
    if (topK > 0) {
      sampling.topK(topK);
    }
    if (topP < 1) {
      sampling.topP(topP);
    }
    if (minP > 0) {
      sampling.minP(minP);
    }
    return sampling.build();
  }
}
