package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.ConfigReader;
import ai.transonnx.config.ConfigWriter;
import ai.transonnx.config.Option;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The keyword arguments of {@code XTransformer}: its own, and those of its two halves, which begin
 * {@code enc_} and {@code dec_}.
 *
 * @param encoder the encoder as the library wraps it
 * @param decoder the decoder as the library wraps it, which attends to the encoder's output
 */
public record XTransformerConfig(
    Own own, TransformerWrapperConfig encoder, TransformerWrapperConfig decoder) {
  private static final String ENCODER = "enc_";
  private static final String DECODER = "dec_";
  private static final List<String> WRAPPERS =
      List.of("num_tokens", "max_seq_len", "emb_dropout", "scaled_sinu_pos_emb", "use_abs_pos_emb");
  private static final String MEMORY_TOKENS = "num_memory_tokens";
  private static final List<String> ENCODER_DECIDED =
      List.of("dim", ConfigReader.CLASS, "cross_attend");
  private static final List<String> DECODER_DECIDED =
      List.of("dim", ConfigReader.CLASS, "cross_attend", MEMORY_TOKENS);

  /** The options that are of neither half. */
  public record Own(
      @Option("features of a position") int dim,
      @Option(value = "the decoder's embeddings are the encoder's", defaultValue = "false")
          boolean tieTokenEmb,
      @Option(value = "targets that do not count in the loss", defaultValue = "-100")
          int ignoreIndex,
      @Option(value = "what follows the end of a generated text", defaultValue = "0") int padValue,
      @Option(value = "residuals with factors by both depths", defaultValue = "false")
          boolean deepnorm,
      @Option(value = "training only", defaultValue = "0.0") double crossAttnTokensDropout) {}

  /**
   * Reads a configuration.
   *
   * @throws ConfigException if it does not describe an encoder and a decoder
   */
  public static XTransformerConfig read(JsonNode json) {
    var rest = JsonNodeFactory.instance.objectNode();
    var encoder = JsonNodeFactory.instance.objectNode();
    var decoder = JsonNodeFactory.instance.objectNode();
    for (var option : json.properties()) {
      String key = option.getKey();
      if (key.startsWith(ENCODER)) {
        encoder.set(key.substring(ENCODER.length()), option.getValue());
      } else if (key.startsWith(DECODER)) {
        decoder.set(key.substring(DECODER.length()), option.getValue());
      } else {
        rest.set(key, option.getValue());
      }
    }
    var own = ConfigReader.read(rest, Own.class);
    refuse(encoder, ENCODER, ENCODER_DECIDED);
    refuse(decoder, DECODER, DECODER_DECIDED);
    if (own.deepnorm()) {
      setDeepnorm(encoder, decoder);
    }
    decoder.put("cross_attend", true);
    return new XTransformerConfig(
        own,
        half(encoder, ENCODER, LayersClass.ENCODER, own.dim()),
        half(decoder, DECODER, LayersClass.DECODER, own.dim()));
  }

  /** The configuration as {@link #read} takes it. */
  ObjectNode write(String className) {
    var json = ConfigWriter.write(className, own);
    add(json, ENCODER, encoder, ENCODER_DECIDED);
    add(json, DECODER, decoder, DECODER_DECIDED);
    return json;
  }

  private static void add(
      ObjectNode json, String prefix, TransformerWrapperConfig half, List<String> decided) {
    var layers = ConfigWriter.write("", half.attnLayers());
    var wrapper = ConfigWriter.write("", half);
    WRAPPERS.forEach(key -> move(wrapper, layers, key));
    move(wrapper, layers, MEMORY_TOKENS);
    layers.remove(decided);
    layers.properties().forEach(option -> json.set(prefix + option.getKey(), option.getValue()));
  }

  private static void refuse(ObjectNode options, String prefix, List<String> keys) {
    for (var key : keys) {
      if (options.has(key)) {
        throw new ConfigException(
            "option '%s%s' cannot be set: the XTransformer decides it".formatted(prefix, key));
      }
    }
  }

  private static void setDeepnorm(ObjectNode encoder, ObjectNode decoder) {
    double above = encoder.path("depth").asDouble();
    double below = decoder.path("depth").asDouble();
    encoder.put("scale_residual", true);
    encoder.put("scale_residual_constant", 0.81 * Math.pow(Math.pow(above, 4) * below, 0.0625));
    decoder.put("scale_residual", true);
    decoder.put("scale_residual_constant", Math.pow(3 * below, 0.25));
  }

  private static TransformerWrapperConfig half(
      ObjectNode options, String prefix, LayersClass face, int dim) {
    var wrapper = options.objectNode();
    var layers = options.deepCopy();
    for (var key : WRAPPERS) {
      move(layers, wrapper, key);
    }
    move(layers, wrapper, MEMORY_TOKENS);
    layers.put("dim", dim);
    layers.put(ConfigReader.CLASS, face.toString());
    wrapper.set("attn_layers", layers);
    try {
      return ConfigReader.read(wrapper, TransformerWrapperConfig.class);
    } catch (ConfigException e) {
      throw new ConfigException(
          "in the options that begin '%s': %s".formatted(prefix, e.getMessage()));
    }
  }

  private static void move(ObjectNode from, ObjectNode to, String key) {
    var value = from.remove(key);
    if (value != null) {
      to.set(key, value);
    }
  }
}
