package ai.transonnx.djl;

import ai.transonnx.djl.internal.Arguments;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The arguments of a translator that generates.
 *
 * @param options the number of new tokens, how they are selected, and where they stop
 * @param start the first token of the target of an encoder-decoder
 */
record GenerationSettings(GenerationOptions options, Optional<Long> start) {
  private static final int DEFAULT_LENGTH = 100;
  private static final List<String> SAMPLING_ARGUMENTS =
      List.of("temperature", "topK", "topKThreshold", "topP", "topPThreshold", "minP", "seed");

  /**
   * Reads the arguments of generation.
   *
   * @throws RequestException if one has an invalid value
   */
  static GenerationSettings of(Arguments arguments) {
    int length = arguments.number("length", Integer::valueOf).orElse(DEFAULT_LENGTH);
    if (length < 0) {
      throw new RequestException("argument 'length' is " + length + "; it must be 0 or more");
    }
    var options =
        GenerationOptions.builder(length)
            .selector(arguments.flag("greedy") ? greedy(arguments) : sampling(arguments))
            .stopTexts(arguments.texts("stopText"))
            .stopTokens(arguments.number("stop", GenerationSettings::tokens).orElse(Set.of()))
            .build();
    return new GenerationSettings(options, arguments.number("start", Long::valueOf));
  }

  private static TokenSelector greedy(Arguments arguments) {
    for (String name : SAMPLING_ARGUMENTS) {
      if (arguments.has(name)) {
        throw new RequestException(
            "arguments 'greedy' and '%s' exclude each other; remove one".formatted(name));
      }
    }
    return new Greedy();
  }

  private static TokenSelector sampling(Arguments arguments) {
    var sampling = Sampling.builder();
    arguments.number("temperature", Double::valueOf).ifPresent(sampling::temperature);
    arguments.number("topK", Integer::valueOf).ifPresent(sampling::topK);
    arguments.number("topKThreshold", Double::valueOf).ifPresent(sampling::topKThreshold);
    arguments.number("topP", Double::valueOf).ifPresent(sampling::topP);
    arguments.number("topPThreshold", Double::valueOf).ifPresent(sampling::topPThreshold);
    arguments.number("minP", Double::valueOf).ifPresent(sampling::minP);
    arguments.number("seed", Long::valueOf).ifPresent(sampling::seed);
    return sampling.build();
  }

  private static Set<Long> tokens(String list) {
    return Stream.of(list.split(","))
        .map(String::strip)
        .map(Long::valueOf)
        .collect(Collectors.toSet());
  }
}
