package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * x-transformers' {@code Encoder}, {@code Decoder} or {@code CrossAttender} as a model of its own.
 *
 * <p>Inputs: {@code x} {@code [b, n, dim]}, {@code context} {@code [b, m, dim]} where the layers
 * attend to one, and the masks of the library's call. Output: {@code out} {@code [b, n, dim]}.
 */
public record AttentionLayers(AttentionLayersConfig config) implements Architecture {
  private static final String X = "x";
  private static final String OUT = "out";

  @Override
  public String className() {
    return config.layersClass().toString();
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return false;
  }

  @Override
  public Set<String> unneeded(GraphRequest request) {
    return Unneeded.of(config, "");
  }

  @Override
  public Model build(GraphRequest asked) {
    var request = asked.spelledOut("mem", config.memories());
    var names = new ArrayList<>(List.of(X));
    names.addAll(WrappedInputs.names(config));
    request.checkInputs(names);
    request.outputsOf(List.of(OUT));
    Unsupported.incremental(request);
    var model = new ModelBuilder(className(), request.opset());
    var inputs = new GraphInputs(model, request);
    var features = Dim.of(config.dim());
    var x = inputs.required(X, ElementType.FLOAT32, request.batch(), request.length(), features);
    var layers = WrappedInputs.declare(inputs, config, request.batch(), request.length(), 0);
    var result = LayerStack.of(config, Scope.of(model.graph()), x, layers);
    model.output(OUT, result.out());
    return model.build();
  }
}
