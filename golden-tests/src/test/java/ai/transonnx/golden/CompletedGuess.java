package ai.transonnx.golden;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.Weights;
import ai.transonnx.graph.ModelContent;
import ai.transonnx.graph.Shape;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.registry.Architectures;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.xtransformers.Release;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The guess of a case by the names and shapes of its weights.
 *
 * @param config the guess with the case's values of exactly the options that it lists as unknown
 */
record CompletedGuess(CaseFolder folder, Guess guess, JsonNode config) {
  /** The options whose entries have no order in files of weights. */
  private static final List<String> UNORDERED = List.of("num_tokens", "embed_num_tokens");

  /** The guess at the case's release. */
  static CompletedGuess of(CaseFolder folder) {
    var release = folder.release().map(Release::of);
    var guess = Guess.of(shapes(folder.weights()), release).orElseThrow();
    return new CompletedGuess(folder, guess, completed(guess, folder.config()));
  }

  /** The shapes of the tensors of a file, by name. */
  static Map<String, Shape> shapes(Path weights) {
    try (var file = Weights.open(weights)) {
      var shapes = new LinkedHashMap<String, Shape>();
      file.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
      return shapes;
    }
  }

  /** How the model of the guess differs from that of the case; empty if it does not. */
  Optional<String> difference() {
    if (!guess.library().equals(folder.library().id())) {
      return Optional.of(failure("it is of " + guess.library()));
    }
    try {
      var guessed = Architectures.of(folder.library(), folder.release(), config);
      return content(guessed).equals(content(folder.architecture()))
          ? Optional.empty()
          : Optional.of(failure("the model differs"));
    } catch (InputException e) {
      return Optional.of(failure(e.getMessage()));
    }
  }

  private static ModelContent content(Architecture architecture) {
    return ModelContent.of(architecture.build(GraphRequest.main()));
  }

  private String failure(String reason) {
    return "%s: %s; guessed %s, recorded %s"
        .formatted(folder.name(), reason, config, folder.config());
  }

  private static ObjectNode completed(Guess guess, JsonNode actual) {
    var config = guess.config().deepCopy();
    for (var option : guess.unknown().keySet()) {
      var key = option.substring(option.lastIndexOf('.') + 1);
      boolean isNested = key.length() < option.length();
      var parent = isNested ? (ObjectNode) config.path("attn_layers") : config;
      var value = (isNested ? actual.path("attn_layers") : actual).path(key);
      if (value.isMissingNode()) {
        parent.remove(key);
      } else {
        parent.set(key, value);
      }
    }
    for (var key : UNORDERED) {
      if (config.has(key) && entries(config.path(key)).equals(entries(actual.path(key)))) {
        config.set(key, actual.get(key));
      }
    }
    return config;
  }

  private static Map<String, Long> entries(JsonNode node) {
    return node.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asLong()));
  }
}
