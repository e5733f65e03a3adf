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
import ai.transonnx.internal.xtransformers.VectorModel;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * x-transformers' {@code ContinuousTransformerWrapper}, which maps vectors to vectors. Immutable.
 *
 * @see VectorModel the inputs and outputs
 */
public record ContinuousTransformerWrapper(
    ContinuousTransformerWrapperConfig config, Release release) implements Architecture {
  /**
   * The class at a release.
   *
   * @throws ConfigException if the release does not have an option that is set, or refuses its
   *     value
   */
  public ContinuousTransformerWrapper {
    new ReleaseOptions(release).check(config);
    config.check(Profile.of(release));
  }

  /** The class at the {@linkplain Release#DEFAULT usual release}. */
  public ContinuousTransformerWrapper(ContinuousTransformerWrapperConfig config) {
    this(config, Release.DEFAULT);
  }

  @Override
  public String className() {
    return "ContinuousTransformerWrapper";
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
    return new VectorModel(
        className(), Profile.of(release).keys().matrixOrder(), config.plan(Profile.of(release)));
  }
}
