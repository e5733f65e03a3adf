package ai.transonnx.verification.internal.twin;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import ai.transonnx.runtime.Tensor;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantized weights in float64, compared with ONNX Runtime's kernels for float32. */
class QuantizationExpansionsTest {
  @TempDir private Path folder;

  private void assertTwinIsClose(OperatorModel model, String... outputs) {
    model.assertTwinIsClose(folder, outputs);
  }

  private static Tensor bytes(int count, long... shape) {
    var data = ByteBuffer.allocateDirect(count);
    for (int i = 0; i < count; i++) {
      data.put(i, (byte) (i * 37 + 11));
    }
    return Tensor.of(ElementType.UINT8, data, shape);
  }

  @Test
  void weightsWithAScaleForAllOrForEachRow() {
    assertTwinIsClose(
        new OperatorModel(21)
            .input("x", OperatorModel.numbers(1, 3, 4))
            .weight("w", bytes(20, 4, 5))
            .weight("scale", Tensor.ofFloats(new float[] {0.03f}))
            .weight("zero", bytes(1))
            .weight("scales", Tensor.ofFloats(new float[] {0.1f, 0.2f, 0.3f, 0.4f}, 4))
            .weight("zeros", bytes(4, 4))
            .add("DequantizeLinear", List.of("w", "scale", "zero"), List.of("all"))
            .add(
                "DequantizeLinear",
                List.of("w", "scales", "zeros"),
                List.of("rows"),
                List.of(Attributes.integer("axis", 0)))
            .add("MatMul", List.of("x", "all"), List.of("y"))
            .output("y", "rows"),
        "y",
        "rows");
  }

  @ParameterizedTest
  @CsvSource({"4,false", "4,true", "8,false", "8,true"})
  void productsWithMatricesOfFewBits(int bits, boolean hasZeroPoints) {
    int n = 6;
    int blocks = 3;
    int perBlock = 16 * bits / 8;
    int zeroBytes = bits == 8 ? blocks : 2;
    var model =
        new OperatorModel(21)
            .input("x", OperatorModel.numbers(0.1, 2, 40))
            .weight("w", bytes(n * blocks * perBlock, n, blocks, perBlock))
            .weight("scales", OperatorModel.numbers(0.1, (long) n * blocks))
            .weight("zeros", bytes(n * zeroBytes, (long) n * zeroBytes));
    var operands =
        hasZeroPoints ? List.of("x", "w", "scales", "zeros") : List.of("x", "w", "scales");
    var attributes =
        List.of(
            Attributes.integer("K", 40),
            Attributes.integer("N", n),
            Attributes.integer("bits", bits),
            Attributes.integer("block_size", 16));
    assertTwinIsClose(
        model.add("com.microsoft.MatMulNBits", operands, List.of("y"), attributes).output("y"),
        "y");
  }

  private static TensorProto integers(String name, DataType type, int bytes, long... shape) {
    var tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(bytes(bytes, bytes).data()));
    for (long size : shape) {
      tensor.addDims(size);
    }
    return tensor.build();
  }

  @ParameterizedTest
  @CsvSource({
    "INT4,0,false",
    "INT4,0,true",
    "INT4,1,true",
    "UINT4,0,true",
    "UINT8,1,true",
    "INT8,0,false"
  })
  void weightsWithAScaleForEachBlock(DataType type, int axis, boolean hasZeroPoints) {
    boolean isPacked = type == DataType.INT4 || type == DataType.UINT4;
    long[] shape = axis == 0 ? new long[] {40, 6} : new long[] {6, 40};
    long[] blocks = axis == 0 ? new long[] {3, 6} : new long[] {6, 3}; // 16, 16 and 8
    var operands = new ArrayList<>(List.of("w", "scales"));
    var model =
        new OperatorModel(21)
            .input("x", OperatorModel.numbers(0.1, 2, shape[0]))
            .weight(integers("w", type, isPacked ? 120 : 240, shape))
            .weight("scales", OperatorModel.numbers(0.1, blocks));
    if (hasZeroPoints) {
      operands.add("zeros");
      model.weight(integers("zeros", type, isPacked ? 9 : 18, blocks));
    }
    assertTwinIsClose(
        model
            .add(
                "DequantizeLinear",
                operands,
                List.of("matrix"),
                List.of(Attributes.integer("axis", axis), Attributes.integer("block_size", 16)))
            .add("MatMul", List.of("x", "matrix"), List.of("y"))
            .output("matrix", "y"),
        "matrix",
        "y");
  }

  @ParameterizedTest
  @CsvSource({
    "UINT8,4,false",
    "UINT8,4,true",
    "UINT8,8,false",
    "UINT8,8,true",
    "INT4,4,true",
    "UINT4,4,false"
  })
  void rowsOfTablesOfFewBits(DataType type, int bits, boolean hasZeroPoints) {
    boolean isPacked = type == DataType.UINT8 && bits == 4;
    int rowBytes = 40 * bits / 8;
    int zeroBytes = bits == 8 ? 3 : 2; // the last half byte is unused
    var operands = new ArrayList<>(List.of("table", "indices", "scales"));
    var model =
        new OperatorModel(21)
            .input("indices", Tensor.ofLongs(new long[] {4, 0, 2, 4, 1, 3}, 2, 3))
            .weight(integers("table", type, 5 * rowBytes, 5, isPacked ? rowBytes : 40))
            .weight("scales", OperatorModel.numbers(0.1, 5, 3));
    if (hasZeroPoints) {
      operands.add("zeros");
      boolean isInBytes = type == DataType.UINT8;
      int bytes = isInBytes ? 5 * zeroBytes : 8;
      model.weight(integers("zeros", type, bytes, 5, isInBytes ? zeroBytes : 3));
    }
    assertTwinIsClose(
        model
            .add(
                "com.microsoft.GatherBlockQuantized",
                operands,
                List.of("rows"),
                List.of(
                    Attributes.integer("gather_axis", 0),
                    Attributes.integer("quantize_axis", 1),
                    Attributes.integer("bits", bits),
                    Attributes.integer("block_size", 16)))
            .output("rows"),
        "rows");
  }

  private static double largestDifference(Tensor a, Tensor b) {
    var expected = a.doubles();
    var actual = b.doubles();
    return IntStream.range(0, expected.length)
        .mapToDouble(i -> Math.abs(expected[i] - actual[i]))
        .max()
        .orElse(0);
  }

  /** 40 terms: the last block is not full. */
  private static OperatorModel product(int level) {
    return new OperatorModel(21)
        .input("x", OperatorModel.numbers(1, 2, 3, 40))
        .weight("w", bytes(6 * 3 * 8, 6, 3, 8))
        .weight("scales", OperatorModel.numbers(0.1, 18))
        .add(
            "com.microsoft.MatMulNBits",
            List.of("x", "w", "scales"),
            List.of("y"),
            List.of(
                Attributes.integer("K", 40),
                Attributes.integer("N", 6),
                Attributes.integer("bits", 4),
                Attributes.integer("block_size", 16),
                Attributes.integer("accuracy_level", level)))
        .output("y");
  }

  @Test
  void theRoundingOfAccuracyLevel4IsThatOfTheKernel() {
    var exact = product(4).runTwin(folder).get("y");
    double rounding = largestDifference(exact, product(4).runNoisy(folder, 1).get("y"));
    double error = largestDifference(exact, product(4).run(folder).get("y"));
    assertTrue(rounding > 1e-4, String.valueOf(rounding));
    assertTrue(error > rounding / 8 && error < rounding * 4, error + " " + rounding);
  }

  @Test
  void otherLevelsRoundAsTheirTypes() {
    var exact = product(1).runTwin(folder).get("y");
    double float32 = largestDifference(exact, product(1).runNoisy(folder, 1).get("y"));
    double float16 = largestDifference(exact, product(2).runNoisy(folder, 1).get("y"));
    double bfloat16 = largestDifference(exact, product(3).runNoisy(folder, 1).get("y"));
    assertTrue(float32 < 1e-5, String.valueOf(float32));
    assertTrue(float16 > 1e-5 && float16 < 1e-2, String.valueOf(float16));
    assertTrue(bfloat16 > float16, float16 + " " + bfloat16);
  }
}
