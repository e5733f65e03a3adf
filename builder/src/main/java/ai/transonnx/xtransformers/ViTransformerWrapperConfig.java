package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.FailingFeature;
import ai.transonnx.internal.xtransformers.ImagePlan;
import ai.transonnx.internal.xtransformers.Profile;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code ViTransformerWrapper}. Immutable. */
@Configuration
public record ViTransformerWrapperConfig(
    @Option("image width and height in pixels") int imageSize,
    @Option("patch width and height in pixels") int patchSize,
    @Option("attention layers, an Encoder") AttentionLayersConfig attnLayers,
    @Option(value = "number of image channels", defaultValue = "3", since = "0.28.0") int channels,
    @Option(
            value = "number of classes; null outputs the mean of the embeddings",
            defaultValue = "null")
        @Nullable Integer numClasses,
    @Option(
            value = "ignored, as in the library",
            defaultValue = "0.0",
            trainingOnly = true,
            until = "1.17.2")
        double dropout,
    @Option(
            value = "apply layer norm after the embeddings",
            defaultValue = "false",
            since = "0.29.1")
        boolean postEmbNorm,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(
            value = "number of learned tokens after the patches",
            defaultValue = "0",
            since = "1.23.0")
        int numRegisterTokens) {
  public ViTransformerWrapperConfig {
    Ranges.checkInteger("image_size", imageSize, 1, 1 << 16);
    Ranges.checkInteger("patch_size", patchSize, 1, imageSize);
    Ranges.checkProbability("emb_dropout", embDropout);
    Ranges.checkInteger("num_register_tokens", numRegisterTokens, 0, 1 << 24);
    Ranges.checkInteger("channels", channels, 1, 1 << 16);
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
    if (attnLayers.attendsToContext()) {
      throw ConfigException.notAllowed("cross_attend", true, "false: images have no context");
    }
  }

  /**
   * Checks these options against a release.
   *
   * @throws ConfigException if the release refuses a value
   */
  void check(Profile profile) {
    FailingFeature.IMAGES.check(profile.release(), "class", "ViTransformerWrapper");
    attnLayers.checkUnconditioned("ViTransformerWrapper");
    plan(profile);
  }

  /** The wrapper that these options describe. */
  ImagePlan plan(Profile profile) {
    int dim = attnLayers.dim();
    var norms = profile.norms();
    return new ImagePlan(
        attnLayers.plan(profile),
        imageSize,
        channels,
        patches(dim, profile),
        numRegisterTokens,
        postEmbNorm ? norms.layerNorm(dim) : null,
        norms.wrapperNorm(dim),
        head(dim, profile));
  }

  private ImagePlan.Patches patches(int dim, Profile profile) {
    boolean normed = profile.wrappers().normsPatches();
    var norms = profile.norms();
    return new ImagePlan.Patches(
        patchSize,
        normed ? norms.layerNorm((long) channels * patchSize * patchSize) : null,
        normed ? norms.layerNorm(dim) : null,
        profile.wrappers().unusedPositions());
  }

  private ImagePlan.Head head(int dim, Profile profile) {
    if (!profile.wrappers().hasClassToken()) {
      return new ImagePlan.Mean(numClasses);
    }
    return new ImagePlan.ClassToken(
        numClasses == null ? null : FeedForwardOptions.withDefaults(dim, numClasses, profile));
  }

  /** A builder with the library's defaults. */
  public static ViTransformerWrapperConfigBuilder builder() {
    return new ViTransformerWrapperConfigBuilder();
  }
}
