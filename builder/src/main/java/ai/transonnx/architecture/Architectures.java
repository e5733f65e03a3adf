package ai.transonnx.architecture;

import ai.transonnx.InputException;
import ai.transonnx.blockrecurrent.BlockRecurrentConfig;
import ai.transonnx.blockrecurrent.BlockRecurrentTransformer;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.ConfigReader;
import ai.transonnx.config.Json;
import ai.transonnx.flash.Flash;
import ai.transonnx.flash.FlashConfig;
import ai.transonnx.flash.FlashTransformer;
import ai.transonnx.flash.FlashTransformerConfig;
import ai.transonnx.flash.Gau;
import ai.transonnx.flash.GauConfig;
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
import java.util.TreeMap;
import java.util.function.Function;

/** All architectures, by library and class: where JSON becomes one of them. */
public final class Architectures {
  private static final Map<Library, Map<String, Function<JsonNode, Architecture>>> CLASSES =
      Map.of(
          Library.TOKEN_SHIFT_GPT,
          Map.of(
              "TokenShiftGPT",
              json -> new TokenShiftGpt(ConfigReader.read(json, TokenShiftGptConfig.class))),
          Library.X_TRANSFORMERS,
          xTransformers(),
          Library.FLASH,
          Map.of(
              "GAU",
              json -> new Gau(ConfigReader.read(json, GauConfig.class)),
              "FLASH",
              json -> new Flash(ConfigReader.read(json, FlashConfig.class)),
              "FLASHTransformer",
              json -> new FlashTransformer(ConfigReader.read(json, FlashTransformerConfig.class))),
          Library.BLOCK_RECURRENT,
          Map.of(
              "BlockRecurrentTransformer",
              json ->
                  new BlockRecurrentTransformer(
                      ConfigReader.read(json, BlockRecurrentConfig.class))));

  private Architectures() {}

  private static Map<String, Function<JsonNode, Architecture>> xTransformers() {
    Function<JsonNode, Architecture> layers =
        json -> new AttentionLayers(ConfigReader.read(json, AttentionLayersConfig.class));
    return Map.of(
        "Encoder",
        layers,
        "Decoder",
        layers,
        "CrossAttender",
        layers,
        "TransformerWrapper",
        json -> new TransformerWrapper(ConfigReader.read(json, TransformerWrapperConfig.class)),
        "ContinuousTransformerWrapper",
        json ->
            new ContinuousTransformerWrapper(
                ConfigReader.read(json, ContinuousTransformerWrapperConfig.class)),
        "ViTransformerWrapper",
        json -> new ViTransformerWrapper(ConfigReader.read(json, ViTransformerWrapperConfig.class)),
        "XTransformer",
        json -> new XTransformer(XTransformerConfig.read(json)));
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
   * @param config an object with the key {@code class} and the constructor's keyword arguments
   * @throws InputException if it does not describe a class of the library
   */
  public static Architecture of(Library library, JsonNode config) {
    if (!config.isObject()) {
      throw new ConfigException("a configuration is a JSON object, with its class under 'class'");
    }
    var classes = new TreeMap<>(CLASSES.getOrDefault(library, Map.of()));
    var className = config.path(ConfigReader.CLASS);
    var known = classes.get(className.asText());
    if (known == null || !className.isTextual()) {
      throw ConfigException.notAllowed(
          ConfigReader.CLASS,
          className.isMissingNode() ? "missing" : className,
          "one of " + String.join(", ", classes.keySet()));
    }
    return known.apply(config);
  }
}
