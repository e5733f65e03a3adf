package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.TopKCountRounding;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A token at random: the filters are applied in their order, then the logits that stay are divided
 * by the temperature and the token is drawn from their softmax.
 *
 * <pre>{@code
 * Sampling.builder().temperature(0.8).topKThreshold(0.9).seed(7).build();
 * Sampling.builder().temperature(0).build(); // RequestException
 * }</pre>
 *
 * <p>The same seed gives the same tokens. Each row draws from a stream of its own, made of the seed
 * and the row's number, so what a row draws does not depend on how many rows there are.
 *
 * @param temperature more than 0; below 1 the likely tokens become likelier
 * @param filters applied one after the other; empty to draw from the whole vocabulary
 * @param seed where the random numbers start
 */
public record Sampling(double temperature, List<Filter> filters, long seed)
    implements TokenSelector {
  /**
   * @throws RequestException if {@code temperature} is not more than 0
   */
  public Sampling {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new RequestException("temperature is " + temperature + ", not a number above 0");
    }
    filters = List.copyOf(filters);
  }

  public static Builder builder() {
    return new Builder();
  }

  @Override
  public TokenChooser chooser(int vocabulary, int rows, TopKCountRounding rounding) {
    List<Filter> resolved =
        filters.stream()
            .map(filter -> filter instanceof TopKThreshold t ? t.orRounding(rounding) : filter)
            .toList();
    var root = new SplittableRandom(seed);
    var streams = new SplittableRandom[rows];
    for (int row = 0; row < rows; row++) {
      streams[row] = root.split();
    }
    var candidates = new Candidates(vocabulary);
    return (row, logits) -> {
      float highest = logits[Greedy.argmax(row, logits, vocabulary)];
      if (Float.isInfinite(highest)) {
        throw new RunException(
            "the highest logit in row %s is %s; the weights may have infinities"
                .formatted(row, highest));
      }
      candidates.load(logits);
      resolved.forEach(filter -> filter.apply(candidates));
      return candidates.pick(streams[row].nextDouble(), temperature);
    };
  }

  /**
   * Collects options. What is not set is as in the Python libraries: temperature 1, the filter
   * {@link TopKThreshold} of 0.9, another seed every time.
   */
  public static final class Builder {
    private double temperature = 1;
    private @Nullable List<Filter> filters;
    private long seed = new SplittableRandom().nextLong();

    private Builder() {}

    public Builder temperature(double temperature) {
      this.temperature = temperature;
      return this;
    }

    /** Adds {@link TopK}. */
    public Builder topK(int count) {
      return filter(new TopK(count));
    }

    /** Adds {@link TopKThreshold} with the rounding of the model's library. */
    public Builder topKThreshold(double threshold) {
      return filter(new TopKThreshold(threshold, null));
    }

    /** Adds {@link TopP}. */
    public Builder topP(double threshold) {
      return filter(new TopP(threshold));
    }

    /** Adds {@link TopA}. */
    public Builder topA(double power, double ratio) {
      return filter(new TopA(power, ratio));
    }

    /** Adds a filter behind those added before; the first takes the place of the default. */
    public Builder filter(Filter filter) {
      if (filters == null) {
        filters = new ArrayList<>();
      }
      filters.add(filter);
      return this;
    }

    /** Drops every filter, the default too. */
    public Builder unfiltered() {
      filters = new ArrayList<>();
      return this;
    }

    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    public Sampling build() {
      return new Sampling(
          temperature, filters == null ? List.of(new TopKThreshold(0.9, null)) : filters, seed);
    }
  }
}
