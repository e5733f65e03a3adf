package ai.transonnx.benchmarks;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.internal.function.DiscountedCumulativeSum;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The discounted cumulative sum of one sequence of 512 features. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class DiscountedSumBenchmark {
  private static final int FEATURES = 512;

  /** Positions. */
  @Param({"1024", "4096", "16384", "65536"})
  public int length;

  private OnnxModel model;
  private Map<String, Tensor> inputs;

  @Setup
  public void load() {
    var builder = new ModelBuilder("sum", EmitOptions.STANDARD);
    var batch = Dim.of("b");
    var features = Dim.of(FEATURES);
    var x =
        builder
            .graph()
            .input(
                "x", new TensorType(ElementType.FLOAT32, Shape.of(batch, Dim.of("n"), features)));
    var past =
        builder
            .graph()
            .input(
                "past", new TensorType(ElementType.FLOAT32, Shape.of(batch, Dim.of(1), features)));
    var scope = ai.transonnx.op.Scope.of(builder.graph());
    builder.output("y", new DiscountedCumulativeSum(0.9f).of(scope, x, past));
    model = OnnxModel.load(Models.export(builder.build()), Models.options());
    var random = new Random(7);
    var values = new float[length * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    inputs =
        Map.of(
            "x", Tensor.ofFloats(values, 1, length, FEATURES),
            "past", Tensor.ofFloats(new float[FEATURES], 1, 1, FEATURES));
  }

  @Benchmark
  public Outputs sum() {
    return model.run(inputs);
  }

  @TearDown
  public void close() {
    model.close();
  }
}
