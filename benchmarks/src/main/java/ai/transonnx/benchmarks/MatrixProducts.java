package ai.transonnx.benchmarks;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.op.Scope;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.Map;
import java.util.Random;

/** Measures ONNX Runtime's limit: consecutive matrix products and nothing else. */
final class MatrixProducts implements AutoCloseable {
  private final int rows;
  private final OnnxModel model;
  private final Map<String, Tensor> inputs;
  private final long weights;

  /** Products of 1,024 rows with weights of 2,048 by 2,048, limited by arithmetic. */
  static MatrixProducts large(ModelOptions options) {
    return new MatrixProducts(options, 1024, 2048, 2048, 8);
  }

  /** Products of one row, to four times the features and back, limited by memory bandwidth. */
  static MatrixProducts ofOneRow(ModelOptions options, int features, long bytes) {
    int weight = 4 * features * features;
    return new MatrixProducts(
        options, 1, features, 4 * features, Math.toIntExact(bytes / Float.BYTES / weight));
  }

  private MatrixProducts(ModelOptions options, int rows, int even, int odd, int count) {
    this.rows = rows;
    var builder = new ModelBuilder("products", EmitOptions.STANDARD);
    var type = new TensorType(ElementType.FLOAT32, Shape.of(Dim.of("rows"), Dim.of(even)));
    var x = builder.graph().input("x", type);
    var scope = Scope.of(builder.graph());
    for (int i = 0; i < count; i++) {
      var layer = scope.child(i);
      int in = i % 2 == 0 ? even : odd;
      int out = i % 2 == 0 ? odd : even;
      x = layer.gemm(x, layer.parameter("weight", out, in), layer.parameter("bias", out));
    }
    builder.output("y", x);
    weights = (long) count * even * odd;
    model = OnnxModel.load(Models.export(builder.build()), options);
    var random = new Random(7);
    var values = new float[rows * even];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    inputs = Map.of("x", Tensor.ofFloats(values, rows, even));
  }

  void run() {
    model.run(inputs);
  }

  /** Floating-point operations of a {@link #run}. */
  double operations() {
    return 2.0 * rows * weights;
  }

  /** Bytes of weights that a {@link #run} reads. */
  long bytes() {
    return weights * Float.BYTES;
  }

  @Override
  public void close() {
    model.close();
  }
}
