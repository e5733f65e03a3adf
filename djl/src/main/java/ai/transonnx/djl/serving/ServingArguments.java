package ai.transonnx.djl.serving;

import ai.transonnx.djl.internal.Arguments;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.serving.SchedulerOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The entries of {@code serving.properties} that a served model takes.
 *
 * @param task empty for the usual one of the model
 * @param tokenizer the tokenizer's file in the model's directory; empty for the model's own
 * @param special whether the tokenizer adds its special tokens to prompts
 * @param start the first token of an encoder-decoder's target
 * @param length the number of new tokens of a request that names none
 * @param maxTokens the maximum number of new tokens of a request
 * @param stopTokens the tokens that end every generation
 * @param stopTexts the texts that end every generation
 * @param sampler how tokens are selected unless a request says otherwise
 * @param scheduler the limits of all requests together
 * @param others the arguments of the other translators
 */
record ServingArguments(
    Optional<ServedTask> task,
    Optional<String> tokenizer,
    boolean special,
    Optional<Long> start,
    Optional<Integer> length,
    int maxTokens,
    Set<Long> stopTokens,
    List<String> stopTexts,
    Sampler sampler,
    SchedulerOptions scheduler,
    Map<String, Object> others) {
  private static final int MAX_TOKENS = 4096;

  private static final List<String> NAMES =
      List.of(
          "addSpecialTokens",
          "greedy",
          "length",
          "maxRows",
          "maxTokens",
          "maxWaiting",
          "mean",
          "minP",
          "seed",
          "start",
          "std",
          "stop",
          "stopText",
          "synset",
          "task",
          "temperature",
          "tokenizer",
          "topK",
          "topP");

  /** Those that the translators of texts and images take. */
  private static final List<String> TRANSLATED =
      List.of("addSpecialTokens", "mean", "std", "synset", "tokenizer");

  ServingArguments {
    stopTokens = Set.copyOf(stopTokens);
    stopTexts = List.copyOf(stopTexts);
    others = Map.copyOf(others);
  }

  /**
   * Reads the arguments of a model.
   *
   * @throws RequestException if one is unknown or has an invalid value
   */
  static ServingArguments of(Map<String, ?> values) {
    var arguments = new Arguments(values, NAMES);
    var others = new HashMap<String, Object>();
    TRANSLATED.forEach(name -> arguments.text(name).ifPresent(text -> others.put(name, text)));
    int maxTokens = positive(arguments, "maxTokens").orElse(MAX_TOKENS);
    var length = arguments.number("length", Integer::valueOf);
    if (length.isPresent() && (length.get() < 0 || length.get() > maxTokens)) {
      throw new RequestException(
          "argument 'length' is %s; it must be 0 to %s ('maxTokens')"
              .formatted(length.get(), maxTokens));
    }
    var scheduler = SchedulerOptions.builder();
    positive(arguments, "maxRows").ifPresent(scheduler::maxRows);
    positive(arguments, "maxWaiting").ifPresent(scheduler::maxWaiting);
    return new ServingArguments(
        arguments.text("task").map(ServedTask::of),
        arguments.text("tokenizer"),
        arguments.flag("addSpecialTokens"),
        arguments.number("start", Long::valueOf),
        length,
        maxTokens,
        arguments.number("stop", ServingArguments::tokens).orElse(Set.of()),
        arguments.texts("stopText"),
        Sampler.of(arguments),
        scheduler.build(),
        others);
  }

  /** These arguments with another file of the tokenizer. */
  ServingArguments withTokenizer(Path file) {
    return new ServingArguments(
        task,
        Optional.of(file.toString()),
        special,
        start,
        length,
        maxTokens,
        stopTokens,
        stopTexts,
        sampler,
        scheduler,
        others);
  }

  private static Optional<Integer> positive(Arguments arguments, String name) {
    var number = arguments.number(name, Integer::valueOf);
    number
        .filter(value -> value < 1)
        .ifPresent(
            value -> {
              throw new RequestException(
                  "argument '%s' is %s; it must be 1 or more".formatted(name, value));
            });
    return number;
  }

  private static Set<Long> tokens(String list) {
    return Stream.of(list.split(","))
        .map(String::strip)
        .map(Long::valueOf)
        .collect(Collectors.toSet());
  }
}
