package ai.transonnx.registry;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.Library;
import ai.transonnx.blockrecurrent.BlockRecurrentConfig;
import ai.transonnx.blockrecurrent.BlockRecurrentTransformer;
import ai.transonnx.config.ConfigException;
import ai.transonnx.flash.Flash;
import ai.transonnx.flash.FlashConfig;
import ai.transonnx.flash.FlashTransformer;
import ai.transonnx.flash.FlashTransformerConfig;
import ai.transonnx.flash.Gau;
import ai.transonnx.flash.GauConfig;
import ai.transonnx.internal.config.ConfigReader;
import ai.transonnx.internal.config.Json;
import ai.transonnx.tokenshift.TokenShiftGpt;
import ai.transonnx.tokenshift.TokenShiftGptConfig;
import ai.transonnx.xtransformers.Release;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The architectures of this project by library and class; creates them from JSON. An architecture
 * of your own needs no entry.
 *
 * <p>Its methods are thread-safe.
 */
public final class Architectures {
  private static final Map<Library, Map<String, ArchitectureClass<?>>> CLASSES =
      Map.of(
          Library.TOKEN_SHIFT_GPT,
          Map.of(
              "TokenShiftGPT",
              new ArchitectureClass<>(TokenShiftGptConfig.class, TokenShiftGpt::new)),
          Library.FLASH,
          Map.of(
              "GAU", new ArchitectureClass<>(GauConfig.class, Gau::new),
              "FLASH", new ArchitectureClass<>(FlashConfig.class, Flash::new),
              "FLASHTransformer",
                  new ArchitectureClass<>(FlashTransformerConfig.class, FlashTransformer::new)),
          Library.BLOCK_RECURRENT,
          Map.of(
              "BlockRecurrentTransformer",
              new ArchitectureClass<>(BlockRecurrentConfig.class, BlockRecurrentTransformer::new)));

  private Architectures() {}

  /** The configurations of a library's classes, by the class's name in the library. */
  public static SortedMap<String, Class<? extends Record>> configurations(Library library) {
    var configurations = new TreeMap<String, Class<? extends Record>>();
    if (Release.of(library, Optional.empty()).isPresent()) {
      ReleasedClass.ALL.forEach((name, entry) -> configurations.put(name, entry.config()));
    }
    CLASSES
        .getOrDefault(library, Map.of())
        .forEach((name, entry) -> configurations.put(name, entry.config()));
    return configurations;
  }

  /**
   * The architecture of a configuration.
   *
   * @param json an object with the key {@code class} and the constructor's keyword arguments
   * @throws InputException if it does not describe a class of the library
   */
  public static Architecture of(Library library, String json) {
    return of(library, Json.parse(json));
  }

  /**
   * The architecture of a configuration.
   *
   * @param library the name of a supported library, such as {@code x-transformers}
   * @param json an object with the key {@code class} and the constructor's keyword arguments
   * @throws InputException if there is no such library, or the configuration does not describe a
   *     class of it
   */
  public static Architecture of(String library, String json) {
    return of(Library.of(library), json);
  }

  /**
   * The architecture of a configuration.
   *
   * @param config an object with the key {@code class} and the constructor's keyword arguments
   * @throws InputException if it does not describe a class of the library
   */
  public static Architecture of(Library library, JsonNode config) {
    return of(library, Optional.empty(), config);
  }

  /**
   * The architecture of a configuration at a release of its library.
   *
   * @param release the number of the release, such as {@code 2.3.1}; empty for the usual one. Only
   *     x-transformers has several.
   * @param config an object with the key {@code class} and the constructor's keyword arguments
   * @throws InputException if the library has no such release, or the configuration does not
   *     describe a class of it
   */
  public static Architecture of(Library library, Optional<String> release, JsonNode config) {
    checkHasClass(config, library);
    var known = Release.of(library, release);
    if (known.isPresent()) {
      return releasedClass(known.get(), config).of(config, known.get());
    }
    return named(config, CLASSES.getOrDefault(library, Map.of())).of(config);
  }

  /**
   * The architecture of a configuration of x-transformers.
   *
   * @param json an object with the key {@code class} and the constructor's keyword arguments
   * @throws InputException if it does not describe a class of the release
   */
  public static Architecture of(Release release, String json) {
    return of(release, Json.parse(json));
  }

  /**
   * The architecture of a configuration of x-transformers.
   *
   * @param config an object with the key {@code class} and the constructor's keyword arguments
   * @throws InputException if it does not describe a class of the release
   */
  public static Architecture of(Release release, JsonNode config) {
    checkHasClass(config, release.library());
    return releasedClass(release, config).of(config, release);
  }

  /**
   * The classes whose keyword arguments are the keys of a configuration, such as {@code
   * TransformerWrapper of x-transformers}; usually none or one.
   *
   * @param config an object, with or without the key {@code class}
   */
  public static List<String> fitting(JsonNode config) {
    return Library.supported().stream()
        .flatMap(
            library ->
                FittingClasses.of(config, configurations(library)).stream()
                    .map(name -> name + " of " + library.id()))
        .toList();
  }

  private static void checkHasClass(JsonNode config, Library library) {
    var fitting = FittingClasses.of(config, configurations(library));
    if (config.isObject() && !config.has(ConfigReader.CLASS) && !fitting.isEmpty()) {
      throw new ConfigException("'class' is missing; the keys fit " + String.join(" or ", fitting));
    }
  }

  /**
   * Remarks on a configuration: a line for each keyword argument that the class ignores, and one
   * for a release that is not known yet.
   *
   * @param release the number of the release; empty for the usual one
   * @param config a valid configuration
   */
  public static List<String> notes(Library library, Optional<String> release, JsonNode config) {
    var known = Release.of(library, release);
    return known.isEmpty()
        ? List.of()
        : releasedClass(known.get(), config).notes(config, known.get());
  }

  private static ReleasedClass<?> releasedClass(Release release, JsonNode config) {
    var named = named(config, ReleasedClass.ALL);
    named.check(config.path(ConfigReader.CLASS).asText(), release);
    return named;
  }

  /**
   * The class that a configuration names.
   *
   * @throws ConfigException if there is none
   */
  private static <T> T named(JsonNode config, Map<String, T> classes) {
    if (!config.isObject()) {
      throw new ConfigException("a configuration is a JSON object, with its class under 'class'");
    }
    var className = config.path(ConfigReader.CLASS);
    var known = classes.get(className.asText());
    if (known == null || !className.isTextual()) {
      TrainingWrappers.check(className.asText(), classes.keySet());
      throw ConfigException.notAllowed(
          ConfigReader.CLASS,
          className.isMissingNode() ? "missing" : className,
          "one of " + String.join(", ", new TreeMap<>(classes).keySet()));
    }
    return known;
  }
}
