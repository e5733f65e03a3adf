package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.ImagePlan;
import ai.transonnx.xtransformers.StackKind;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code ViTransformerWrapper}. Immutable. */
@Configuration
public record ViTransformerWrapperConfig(
    @Option("image width and height in pixels") int imageSize,
    @Option("patch width and height in pixels") int patchSize,
    @Option("attention layers, an Encoder") AttentionLayersConfig attnLayers,
    @Option(value = "number of classes; null outputs the embeddings", defaultValue = "null")
        @Nullable Integer numClasses,
    @Option(value = "dropout of the classifier", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout) {
  private static final int CHANNELS = 3;

  public ViTransformerWrapperConfig {
    Ranges.checkInteger("image_size", imageSize, 1, 1 << 16);
    Ranges.checkInteger("patch_size", patchSize, 1, imageSize);
    Ranges.checkProbability("dropout", dropout);
    Ranges.checkProbability("emb_dropout", embDropout);
    if (numClasses != null) {
      Ranges.checkInteger("num_classes", numClasses, 1, 1 << 24);
    }
    if (imageSize % patchSize != 0) {
      throw new ConfigException(
          "'image_size' is %s; it must be divisible by 'patch_size', which is %s"
              .formatted(imageSize, patchSize));
    }
    if (attnLayers.layersClass() != StackKind.ENCODER) {
      throw ConfigException.notAllowed(
          "attn_layers", "a " + attnLayers.layersClass(), "an Encoder");
    }
    if (Boolean.TRUE.equals(attnLayers.crossAttend())) {
      throw ConfigException.notAllowed("cross_attend", true, "false: images have no context");
    }
  }

  /** The wrapper that these options describe. */
  ImagePlan plan() {
    var head =
        numClasses == null ? null : FeedForwardOptions.withDefaults(attnLayers.dim(), numClasses);
    return new ImagePlan(
        attnLayers.plan(),
        imageSize,
        patchSize,
        CHANNELS,
        false,
        false,
        new ImagePlan.ClassToken(head));
  }

  /** A builder with the library's defaults. */
  public static ViTransformerWrapperConfigBuilder builder() {
    return new ViTransformerWrapperConfigBuilder();
  }
}
