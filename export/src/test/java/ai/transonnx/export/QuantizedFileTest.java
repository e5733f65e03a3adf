package ai.transonnx.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.TensorType;
import ai.transonnx.op.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizedFileTest {
  private static final int SIZE = 512;

  @TempDir private Path folder;

  /** A table, a matrix and a head. */
  private Path exported(EmitOptions emit, boolean external) {
    var builder = new ModelBuilder("linear", emit);
    var s = Scope.of(builder.graph());
    var batch = Dim.of("batch");
    var type = new TensorType(ElementType.FLOAT32, Shape.of(batch, Dim.of(SIZE)));
    var x = builder.graph().input("x", type);
    var hidden = s.gemm(x, s.matrix("w", SIZE, SIZE), s.parameter("b", SIZE));
    builder.output("logits", s.matMul(hidden, s.matrix("head", SIZE, 2 * SIZE)));
    var tokens = builder.tokens("tokens", SIZE, batch, Dim.of("length"));
    builder.output("vectors", s.gather(s.matrix("table", SIZE, SIZE), 0, tokens));
    var model = builder.build();
    var random = new Random(1);
    var weights =
        new TestWeights()
            .addAll(
                model,
                stored -> {
                  var values = new float[(int) stored.shape().elements()];
                  for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                  }
                  return values;
                })
            .write(folder.resolve("w.safetensors"));
    var output = folder.resolve("model.onnx");
    try (var file = Weights.open(weights)) {
      Exporter.export(ExportRequest.builder(model, file, output).externalData(external).build());
    }
    return output;
  }

  @ParameterizedTest
  @CsvSource({
    "INT4, PORTABLE, 0.16",
    "INT4, ONNXRUNTIME, 0.16",
    "INT8, PORTABLE, 0.285",
    "INT8, ONNXRUNTIME, 0.285"
  })
  void integersAndScalesTakeAShareOfTheFloats(QuantizedType type, Target target, double share)
      throws IOException {
    long plain = Files.size(exported(EmitOptions.STANDARD, false));
    var emit = EmitOptions.STANDARD.withTarget(target).withQuantization(Quantization.of(type));
    long quantized = Files.size(exported(emit, false));
    assertTrue(quantized <= share * plain, quantized + " of " + plain);
  }

  @Test
  void integersCanBeExternal() throws IOException {
    var emit = EmitOptions.STANDARD.withQuantization(Quantization.of(QuantizedType.INT4));
    var model = exported(emit, true);
    assertTrue(Files.size(model) < 10_000);
    assertTrue(Files.size(folder.resolve("model.onnx.data")) > SIZE * SIZE * 2);
  }
}
