package ai.transonnx.registry;

import static java.util.Map.entry;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.config.ConfigReader;
import ai.transonnx.internal.config.OptionKeys;
import ai.transonnx.internal.xtransformers.ReleaseOptions;
import ai.transonnx.xtransformers.AttentionLayers;
import ai.transonnx.xtransformers.AttentionLayersConfig;
import ai.transonnx.xtransformers.ContinuousTransformerWrapper;
import ai.transonnx.xtransformers.ContinuousTransformerWrapperConfig;
import ai.transonnx.xtransformers.MultiInputTransformerWrapper;
import ai.transonnx.xtransformers.MultiInputTransformerWrapperConfig;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.TransformerWrapper;
import ai.transonnx.xtransformers.TransformerWrapperConfig;
import ai.transonnx.xtransformers.ViTransformerWrapper;
import ai.transonnx.xtransformers.ViTransformerWrapperConfig;
import ai.transonnx.xtransformers.XTransformer;
import ai.transonnx.xtransformers.XTransformerConfig;
import ai.transonnx.xtransformers.XValTransformerWrapper;
import ai.transonnx.xtransformers.XValTransformerWrapperConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A class of x-transformers.
 *
 * @param config the record of its keyword arguments
 * @param since the first release that has it
 * @param make its constructor
 */
record ReleasedClass<C extends Record>(
    Class<C> config, String since, BiFunction<C, Release, Architecture> make) {
  private static final String FIRST = Release.FIRST.toString();

  /** The classes by name. */
  static final Map<String, ReleasedClass<?>> ALL =
      Map.ofEntries(
          entry("Encoder", layers(FIRST)),
          entry("Decoder", layers(FIRST)),
          entry("PrefixDecoder", layers("1.25.1")),
          entry("TransformerBlock", layers("2.16.2")),
          entry("CrossAttender", layers(FIRST)),
          entry(
              "TransformerWrapper",
              new ReleasedClass<>(TransformerWrapperConfig.class, FIRST, TransformerWrapper::new)),
          entry(
              "ContinuousTransformerWrapper",
              new ReleasedClass<>(
                  ContinuousTransformerWrapperConfig.class,
                  FIRST,
                  ContinuousTransformerWrapper::new)),
          entry(
              "ViTransformerWrapper",
              new ReleasedClass<>(
                  ViTransformerWrapperConfig.class, FIRST, ViTransformerWrapper::new)),
          entry(
              "XValTransformerWrapper",
              new ReleasedClass<>(
                  XValTransformerWrapperConfig.class,
                  XValTransformerWrapper.SINCE.toString(),
                  XValTransformerWrapper::new)),
          entry(
              "MultiInputTransformerWrapper",
              new ReleasedClass<>(
                  MultiInputTransformerWrapperConfig.class,
                  MultiInputTransformerWrapper.SINCE.toString(),
                  MultiInputTransformerWrapper::new)),
          entry(
              "XTransformer",
              new ReleasedClass<>(XTransformerConfig.class, FIRST, XTransformer::new)));

  private static ReleasedClass<AttentionLayersConfig> layers(String since) {
    return new ReleasedClass<>(AttentionLayersConfig.class, since, AttentionLayers::new);
  }

  /**
   * Checks that a release has the class.
   *
   * @throws ConfigException if it does not
   */
  void check(String name, Release release) {
    if (!release.since(since)) {
      throw new ConfigException(
          "class '%s' does not exist in release %s of the library; %s has it first"
              .formatted(name, release, since));
    }
  }

  Architecture of(JsonNode json, Release release) {
    return make.apply(ConfigReader.read(json, config, new ReleaseOptions(release)), release);
  }

  /** Remarks on a valid configuration. */
  List<String> notes(JsonNode json, Release release) {
    var notes = new ArrayList<String>();
    for (var key : OptionKeys.ignored(json, config, new ReleaseOptions(release))) {
      notes.add(
          "option '%s' has no effect in release %s, which ignores it".formatted(key, release));
    }
    if (release.compareTo(Release.NEWEST) > 0) {
      notes.add(
          "release %s is not known; it is treated like %s, the newest known release"
              .formatted(release, Release.NEWEST));
    }
    return notes;
  }
}
