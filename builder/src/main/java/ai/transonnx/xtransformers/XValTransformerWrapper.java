package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.config.ConfigException;
import ai.transonnx.graph.Model;
import ai.transonnx.internal.config.ConfigWriter;
import ai.transonnx.internal.xtransformers.GraphFactory;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.ReleaseOptions;
import ai.transonnx.internal.xtransformers.TokenModel;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * x-transformers' {@code XValTransformerWrapper}, which maps tokens, some of which stand for
 * numbers, to logits and numbers. Immutable.
 *
 * @see TokenModel the inputs and outputs
 */
public record XValTransformerWrapper(XValTransformerWrapperConfig config, Release release)
    implements Architecture {
  /** The first release that has the class. */
  public static final Release SINCE = Release.of("1.24.0");

  /**
   * The class at a release.
   *
   * @throws ConfigException if the release does not have the class or an option that is set, or
   *     refuses its value
   */
  public XValTransformerWrapper {
    if (release.compareTo(SINCE) < 0) {
      throw new ConfigException(
          "class 'XValTransformerWrapper' does not exist in release %s of the library; %s has it first"
              .formatted(release, SINCE));
    }
    new ReleaseOptions(release).check(config);
    config.check(Profile.of(release));
  }

  @Override
  public String className() {
    return "XValTransformerWrapper";
  }

  @Override
  public Library library() {
    return release.library();
  }

  @Override
  public JsonNode configuration() {
    return ConfigWriter.write(className(), config, new ReleaseOptions(release));
  }

  @Override
  public Model build(GraphRequest request) {
    return graphs().build(BuildContext.of(request));
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return graphs().isIncremental(BuildContext.of(request));
  }

  @Override
  public Set<String> unusedWeights(GraphRequest request) {
    return graphs().unusedWeights(BuildContext.of(request));
  }

  private GraphFactory graphs() {
    return new TokenModel(
        className(), Profile.of(release).keys().matrixOrder(), config.plan(Profile.of(release)));
  }
}
