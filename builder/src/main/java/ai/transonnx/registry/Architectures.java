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
import ai.transonnx.xtransformers.AttentionLayers;
import ai.transonnx.xtransformers.AttentionLayersConfig;
import ai.transonnx.xtransformers.ContinuousTransformerWrapper;
import ai.transonnx.xtransformers.ContinuousTransformerWrapperConfig;
import ai.transonnx.xtransformers.TransformerWrapper;
import ai.transonnx.xtransformers.TransformerWrapperConfig;
import ai.transonnx.xtransformers.ViTransformerWrapper;
import ai.transonnx.xtransformers.ViTransformerWrapperConfig;
import ai.transonnx.xtransformers.XTransformer;
import ai.transonnx.xtransformers.XTransformerConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
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
          Library.X_TRANSFORMERS,
          xTransformers(),
          Library.X_TRANSFORMERS_PADDLE,
          PaddleClasses.ALL,
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

  private static Map<String, ArchitectureClass<?>> xTransformers() {
    var layers = new ArchitectureClass<>(AttentionLayersConfig.class, AttentionLayers::new);
    return Map.of(
        "Encoder", layers,
        "Decoder", layers,
        "CrossAttender", layers,
        "TransformerWrapper",
            new ArchitectureClass<>(TransformerWrapperConfig.class, TransformerWrapper::new),
        "ContinuousTransformerWrapper",
            new ArchitectureClass<>(
                ContinuousTransformerWrapperConfig.class, ContinuousTransformerWrapper::new),
        "ViTransformerWrapper",
            new ArchitectureClass<>(ViTransformerWrapperConfig.class, ViTransformerWrapper::new),
        "XTransformer", new ArchitectureClass<>(XTransformerConfig.class, XTransformer::new));
  }

  /** The configurations of a library's classes, by the class's name in the library. */
  public static SortedMap<String, Class<? extends Record>> configurations(Library library) {
    var configurations = new TreeMap<String, Class<? extends Record>>();
    classes(library).forEach((name, entry) -> configurations.put(name, entry.config()));
    return configurations;
  }

  private static Map<String, ArchitectureClass<?>> classes(Library library) {
    return CLASSES.getOrDefault(library, Map.of());
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
    if (!config.isObject()) {
      throw new ConfigException("a configuration is a JSON object, with its class under 'class'");
    }
    var classes = new TreeMap<>(classes(library));
    var className = config.path(ConfigReader.CLASS);
    var known = classes.get(className.asText());
    if (known == null || !className.isTextual()) {
      throw ConfigException.notAllowed(
          ConfigReader.CLASS,
          className.isMissingNode() ? "missing" : className,
          "one of " + String.join(", ", classes.keySet()));
    }
    return known.of(config);
  }
}
