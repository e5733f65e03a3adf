package ai.transonnx.djl;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a translator continues: the arguments of DJL's criteria.
 *
 * @param options of which the stop tokens are not part of the text
 * @param start what a target begins with, of a model from source to target
 */
record GenerationSettings(GenerationOptions options, Optional<Long> start) {
  private static final int LENGTH = 100;

  /**
   * Reads {@code length}, {@code greedy}, {@code temperature}, {@code topK}, {@code topP}, {@code
   * seed}, {@code stop} and {@code start}.
   *
   * @throws RequestException if one is not what it must be
   */
  static GenerationSettings of(Map<String, ?> arguments) {
    int length = value(arguments, "length", Integer::valueOf).orElse(LENGTH);
    if (length < 0) {
      throw new RequestException("argument 'length' is " + length + "; 0 or more are possible");
    }
    boolean greedy = isSet(arguments, "greedy");
    var options =
        GenerationOptions.builder(length)
            .selector(greedy ? new Greedy() : sampling(arguments))
            .stopTokens(value(arguments, "stop", GenerationSettings::tokens).orElse(Set.of()))
            .build();
    return new GenerationSettings(options, value(arguments, "start", Long::valueOf));
  }

  private static TokenSelector sampling(Map<String, ?> arguments) {
    var sampling = Sampling.builder();
    value(arguments, "temperature", Double::valueOf).ifPresent(sampling::temperature);
    value(arguments, "topK", Integer::valueOf).ifPresent(sampling::topK);
    value(arguments, "topP", Double::valueOf).ifPresent(sampling::topP);
    value(arguments, "seed", Long::valueOf).ifPresent(sampling::seed);
    return sampling.build();
  }

  private static Set<Long> tokens(String list) {
    return Stream.of(list.split(","))
        .map(String::strip)
        .map(Long::valueOf)
        .collect(Collectors.toSet());
  }

  /**
   * Whether an argument is {@code true}; one that is not there is {@code false}.
   *
   * @throws RequestException if it is neither
   */
  static boolean isSet(Map<String, ?> arguments, String name) {
    return value(arguments, name, text -> flag(name, text)).orElse(false);
  }

  private static boolean flag(String name, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new RequestException(
              "argument '%s' is '%s', not true or false".formatted(name, text));
    };
  }

  private static <T> Optional<T> value(
      Map<String, ?> arguments, String name, Function<String, T> parse) {
    Object value = arguments.get(name);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(value.toString()));
    } catch (NumberFormatException e) {
      throw new RequestException("argument '%s' is '%s', not a number".formatted(name, value));
    }
  }
}
