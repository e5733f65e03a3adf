package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TopKCountRounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Draws the next token at random: the filters are applied in order, the remaining logits are
 * divided by the temperature, and the token is drawn from their softmax.
 *
 * <pre>{@code
 * Sampling.builder().temperature(0.8).topP(0.95).seed(7).build();
 * Sampling.builder().temperature(0).build(); // RequestException
 * }</pre>
 *
 * <p>The same seed gives the same tokens. Without a seed, each generation uses a new random one,
 * which {@link ai.transonnx.runtime.generation.Generation#seed} reports. Each row draws from its
 * own stream of random numbers, derived from the seed and the row's number, so a row's tokens do
 * not depend on the number of rows. Immutable; threads may share it.
 */
public final class Sampling implements TokenSelector {
  private static final long SEEDS = 1L << 53; // all of them exact in JSON

  private final double temperature;
  private final Optional<List<Filter>> set;
  private final List<Filter> filters;
  private final OptionalLong seed;

  /**
   * Sampling with filters.
   *
   * @param set empty for the default
   */
  private Sampling(double temperature, Optional<List<Filter>> set, OptionalLong seed) {
    this.temperature = temperature;
    this.set = set;
    this.filters = set.orElse(List.of(new TopKThreshold(0.9, null)));
    this.seed = seed;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The divisor of the logits, more than 0. */
  public double temperature() {
    return temperature;
  }

  /** The filters in the order in which they are applied. */
  public List<Filter> filters() {
    return filters;
  }

  /** This sampling, without filters if none was set. */
  public Sampling withoutDefaultFilter() {
    return set.isPresent() ? this : new Sampling(temperature, Optional.of(List.of()), seed);
  }

  @Override
  public OptionalLong seed() {
    return seed;
  }

  @Override
  public Sampling seeded() {
    return seed.isPresent()
        ? this
        : new Sampling(temperature, set, OptionalLong.of(new SplittableRandom().nextLong(SEEDS)));
  }

  /** As {@link TokenSelector#chooser}; each call without a set seed draws a new one. */
  @Override
  public TokenChooser chooser(int vocabulary, int rows, TopKCountRounding rounding) {
    var resolved = resolved(rounding);
    var streams = streams(rows);
    var candidates = new Candidates(vocabulary);
    return (row, logits) -> {
      Greedy.checkHighest(row, logits, vocabulary);
      candidates.load(logits);
      resolved.forEach(filter -> filter.apply(candidates));
      return candidates.pick(streams[row].nextDouble(), temperature);
    };
  }

  /**
   * Tokens drawn without replacement, from those that the filters keep: the highest of the logits
   * divided by the temperature, each with Gumbel noise.
   */
  @Override
  public BeamChooser beamChooser(int vocabulary, int prompts, TopKCountRounding rounding) {
    var resolved = resolved(rounding);
    var streams = streams(prompts);
    var candidates = new Candidates(vocabulary);
    return (prompt, logits, count) -> {
      Greedy.checkHighest(prompt, logits, vocabulary);
      candidates.load(logits);
      resolved.forEach(filter -> filter.apply(candidates));
      candidates.replace(logit -> logit / temperature + gumbel(streams[prompt]));
      candidates.keepHighest(count);
      return candidates.tokens();
    };
  }

  private static double gumbel(SplittableRandom random) {
    return -Math.log(-Math.log(random.nextDouble()));
  }

  private List<Filter> resolved(TopKCountRounding rounding) {
    return filters.stream()
        .map(filter -> filter instanceof TopKThreshold t ? t.orRounding(rounding) : filter)
        .toList();
  }

  private SplittableRandom[] streams(int rows) {
    var root = new SplittableRandom(seeded().seed.orElseThrow());
    return Stream.generate(root::split).limit(rows).toArray(SplittableRandom[]::new);
  }

  /** Such as {@code Sampling[temperature=0.8, filters=[TopK[count=40]], seed=7]}. */
  @Override
  public String toString() {
    return "Sampling[temperature=%s, filters=%s, seed=%s]"
        .formatted(temperature, filters, seed.isPresent() ? seed.getAsLong() : "random");
  }

  /**
   * Collects options. The defaults are those of the Python libraries: temperature 1, the filter
   * {@link TopKThreshold} of 0.9, and a new random seed for each generation.
   */
  public static final class Builder {
    private double temperature = 1;
    private @Nullable List<Filter> filters;
    private OptionalLong seed = OptionalLong.empty();

    private Builder() {}

    /** Sets the divisor of the logits: below 1, likely tokens become more likely. */
    public Builder temperature(double temperature) {
      this.temperature = temperature;
      return this;
    }

    /** Adds {@link TopK}: 40 keeps 40 tokens. */
    public Builder topK(int count) {
      return filter(new TopK(count));
    }

    /**
     * Adds {@link TopKThreshold} with the rounding of the model's library: 0.9 keeps 10 % of the
     * vocabulary.
     */
    public Builder topKThreshold(double threshold) {
      return filter(new TopKThreshold(threshold, null));
    }

    /** Adds {@link TopP}: 0.95 keeps 95 % of the probability. */
    public Builder topP(double mass) {
      return filter(new TopP(mass));
    }

    /** Adds {@link TopPThreshold}: 0.95 keeps 5 % of the probability. */
    public Builder topPThreshold(double threshold) {
      return filter(new TopPThreshold(threshold));
    }

    /**
     * Adds {@link MinP}: 0.1 drops tokens that are less than a tenth as likely as the likeliest.
     */
    public Builder minP(double fraction) {
      return filter(new MinP(fraction));
    }

    /** Adds {@link TopA}. */
    public Builder topA(double power, double ratio) {
      return filter(new TopA(power, ratio));
    }

    /** Adds a filter after those already added; the first one replaces the default. */
    public Builder filter(Filter filter) {
      if (filters == null) {
        filters = new ArrayList<>();
      }
      filters.add(filter);
      return this;
    }

    /** Removes all filters, including the default. */
    public Builder unfiltered() {
      filters = new ArrayList<>();
      return this;
    }

    /** Sets the seed, so that each generation draws the same tokens. */
    public Builder seed(long seed) {
      this.seed = OptionalLong.of(seed);
      return this;
    }

    /**
     * Builds the selector.
     *
     * @throws RequestException if the temperature is not a positive, finite number
     */
    public Sampling build() {
      if (!(temperature > 0) || Double.isInfinite(temperature)) {
        throw new RequestException("temperature is " + temperature + ", not a number above 0");
      }
      return new Sampling(temperature, Optional.ofNullable(filters).map(List::copyOf), seed);
    }
  }
}
