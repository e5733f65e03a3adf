package ai.transonnx.benchmarks;

import ai.transonnx.graph.Dim;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.op.Scope;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.Map;
import java.util.Random;

/** The machine's limit: how fast the runtime multiplies large matrices, and does nothing else. */
final class MatrixProducts implements AutoCloseable {
  private static final int ROWS = 1024;
  private static final int SIZE = 2048;
  private static final int PRODUCTS = 8;

  private final OnnxModel model;
  private final Map<String, Tensor> inputs;

  MatrixProducts(ModelOptions options) {
    var builder = new ModelBuilder("products", ModelBuilder.MAX_OPSET);
    var type = new TensorType(ElementType.FLOAT32, Shape.of(Dim.of("rows"), Dim.of(SIZE)));
    var x = builder.graph().input("x", type);
    var scope = Scope.of(builder.graph());
    for (int i = 0; i < PRODUCTS; i++) {
      var layer = scope.child(i);
      x = layer.gemm(x, layer.parameter("weight", SIZE, SIZE), layer.parameter("bias", SIZE));
    }
    builder.output("y", x);
    model = OnnxModel.load(Models.export(builder.build()), options);
    var random = new Random(7);
    var values = new float[ROWS * SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    inputs = Map.of("x", Tensor.ofFloats(values, ROWS, SIZE));
  }

  void run() {
    model.run(inputs);
  }

  /** Floating-point operations of a {@link #run}. */
  double operations() {
    return 2.0 * ROWS * SIZE * SIZE * PRODUCTS;
  }

  @Override
  public void close() {
    model.close();
  }
}
