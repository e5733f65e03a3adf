package ai.transonnx.djl.serving;

import ai.transonnx.djl.internal.Arguments;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How tokens are selected, as far as it is specified: by a request, or by the model's arguments.
 *
 * @param samples whether tokens are drawn; empty if the other values decide
 * @param topK 0 for no filter
 * @param topP 1 for no filter
 * @param minP 0 for no filter
 */
record Sampler(
    Optional<Boolean> samples,
    Optional<Double> temperature,
    Optional<Integer> topK,
    Optional<Double> topP,
    Optional<Double> minP,
    Optional<Long> seed) {
  /**
   * That of the model's arguments.
   *
   * @throws RequestException if one has an invalid value
   */
  static Sampler of(Arguments arguments) {
    var sampler =
        new Sampler(
            arguments.flag("greedy") ? Optional.of(false) : Optional.empty(),
            arguments.number("temperature", Double::valueOf),
            arguments.number("topK", Integer::valueOf),
            arguments.number("topP", Double::valueOf),
            arguments.number("minP", Double::valueOf),
            arguments.number("seed", Long::valueOf));
    if (sampler.samples.isPresent() && sampler.hasValues()) {
      throw new RequestException(
          "argument 'greedy' excludes 'temperature', 'topK', 'topP' and 'minP'; remove one");
    }
    sampler.selector(true); // refuses values out of range
    return sampler;
  }

  private boolean hasValues() {
    return Stream.of(temperature, topK, topP, minP).anyMatch(Optional::isPresent);
  }

  /** This sampler, with the values of another one where it has none. */
  Sampler or(Sampler defaults) {
    boolean decides = samples.isPresent() || hasValues();
    return new Sampler(
        decides ? Optional.of(decision(true)) : defaults.samples,
        temperature.or(defaults::temperature),
        topK.or(defaults::topK),
        topP.or(defaults::topP),
        minP.or(defaults::minP),
        seed.or(defaults::seed));
  }

  private boolean decision(boolean usual) {
    if (temperature.filter(value -> value == 0).isPresent()) {
      return false;
    }
    return samples.orElse(hasValues() || usual);
  }

  /**
   * The selector of a generation.
   *
   * @param usual whether tokens are drawn if nothing is specified
   * @throws RequestException if a value is out of range
   */
  TokenSelector selector(boolean usual) {
    if (!decision(usual)) {
      return new Greedy();
    }
    var sampling = Sampling.builder().temperature(temperature.orElse(1.0)).unfiltered();
    topK.filter(k -> k != 0).ifPresent(sampling::topK);
    topP.filter(p -> p != 1).ifPresent(sampling::topP);
    minP.filter(p -> p != 0).ifPresent(sampling::minP);
    seed.ifPresent(sampling::seed);
    return sampling.build();
  }
}
