package ai.transonnx.internal.guess;

import ai.transonnx.graph.Shape;
import ai.transonnx.internal.xtransformers.ReleaseEvidence;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.ReleaseSet;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration that the tensors of a checkpoint suggest.
 *
 * @param library the name of the library
 * @param className the class, or empty if several classes have these tensors
 * @param config the options that names and shapes determine, with the class under {@code class};
 *     options with their default value may be missing
 * @param unknown the options that they do not determine, such as {@code attn_layers.heads}, each
 *     with a hint or an empty text; {@code config} has a value for such an option if one is likely
 * @param origin the releases of the library; empty if it has one release
 */
public record Guess(
    String library,
    String className,
    ObjectNode config,
    Map<String, String> unknown,
    Optional<Releases> origin) {
  /**
   * The releases of the library that store such tensors.
   *
   * @param evidence the signs of the release
   * @param possible the releases; the one that the caller named, if any
   * @param shown the release whose options the guess has
   */
  public record Releases(ReleaseEvidence evidence, ReleaseSet possible, Release shown) {}

  public Guess {
    unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
  }

  Guess with(Releases releases) {
    return new Guess(library, className, config, unknown, Optional.of(releases));
  }

  /** The signs of the library's release; empty if it has one release. */
  public Optional<ReleaseEvidence> evidence() {
    return origin.map(Releases::evidence);
  }

  /** The releases of the library that store such tensors; empty if it has one release. */
  public Optional<ReleaseSet> releases() {
    return origin.map(Releases::possible);
  }

  /**
   * The library and the configuration as one JSON object, which an export accepts. It names the
   * release if there is one that stores such tensors.
   */
  public ObjectNode document() {
    var document = JsonNodeFactory.instance.objectNode().put("library", library);
    releases()
        .filter(set -> set.releases().size() == 1)
        .ifPresent(set -> document.put("release", set.representative().toString()));
    document.set("config", config);
    return document;
  }

  /**
   * The guess for a checkpoint's tensors, or empty if they resemble no supported class.
   *
   * @param release the release of x-transformers that wrote them, if it is known
   */
  public static Optional<Guess> of(Map<String, Shape> shapes, Optional<Release> release) {
    var tensors = new Tensors(shapes);
    return Stream.of(
            TokenShiftGuess.of(tensors),
            FlashGuess.of(tensors),
            BlockRecurrentGuess.of(tensors),
            XTransformersGuess.of(tensors, release))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
