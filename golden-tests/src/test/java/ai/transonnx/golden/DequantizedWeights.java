package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The float32 weights that a quantized file stands for, computed with loops. */
final class DequantizedWeights {
  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final int block;

  private DequantizedWeights(ModelProto model, int block) {
    this.block = block;
    model.getGraph().getInitializerList().forEach(t -> initializers.put(t.getName(), t));
  }

  /**
   * Replaces the weights of a float32 file by those of its quantized form.
   *
   * @return the number of replaced weights
   */
  static int apply(Path plain, Path quantized, Path output, int block) throws IOException {
    var weights =
        new DequantizedWeights(ModelProto.parseFrom(Files.readAllBytes(quantized)), block);
    var model = ModelProto.parseFrom(Files.readAllBytes(plain)).toBuilder();
    int replaced = 0;
    for (var tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      int height = tensor.getDimsCount() == 2 ? (int) tensor.getDims(0) : 0;
      int width = tensor.getDimsCount() == 2 ? (int) tensor.getDims(1) : 0;
      float[] found = null;
      for (var use : new String[] {"rows_of_product", "columns_of_product", "table"}) {
        var path = tensor.getName() + "/" + use + ".";
        if (weights.initializers.containsKey(path + "scales")) {
          var values =
              use.startsWith("columns")
                  ? transposed(weights.rows(path, width, height), width, height)
                  : weights.rows(path, height, width);
          if (found != null) {
            assertArrayEquals(found, values, path);
          }
          found = values;
        }
      }
      if (found != null) {
        replaced++;
        var bytes = ByteBuffer.allocate(4 * found.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(found);
        tensor.setRawData(ByteString.copyFrom(bytes));
      }
    }
    Files.write(output, model.build().toByteArray());
    return replaced;
  }

  /** The rows of a matrix, along which it has blocks. */
  private float[] rows(String path, int rows, int width) {
    var scales = initializers.get(path + "scales");
    int bits = initializers.containsKey(path + "int4") ? 4 : 8;
    var integers = initializers.get(path + "int" + bits);
    int blocks = (width + block - 1) / block;
    boolean isOffset = integers.getDataType() == DataType.UINT8_VALUE;
    boolean isTransposed = !isOffset && !path.endsWith("/table.");
    boolean isPadded = integers.getDimsCount() == 3;
    var zeroPoints = initializers.get(path + "zero_points");
    var factors = scales.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    var values = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < width; column++) {
        int stride = isPadded ? blocks * block : width;
        int index = isTransposed ? column * rows + row : row * stride + column;
        int scale = isTransposed ? column / block * rows + row : row * blocks + column / block;
        int integer = integer(integers.getRawData(), bits, index, isOffset);
        int zero =
            zeroPoints == null
                ? 0
                : zeroPoint(zeroPoints, bits, scale, row, column / block, blocks);
        values[row * width + column] = (integer - zero) * factors.getFloat(4 * scale);
      }
    }
    assertEquals(rows * blocks * 4, scales.getRawData().size());
    return values;
  }

  /** One for each scale; if they are offset, the bytes of each row of blocks are separate. */
  private static int zeroPoint(
      TensorProto points, int bits, int scale, int row, int column, int blocks) {
    if (points.getDataType() == DataType.INT8_VALUE) {
      return points.getRawData().byteAt(scale);
    }
    boolean isOffset = points.getDataType() == DataType.UINT8_VALUE;
    int stride = bits == 4 ? blocks + blocks % 2 : blocks;
    return integer(points.getRawData(), bits, isOffset ? row * stride + column : scale, isOffset);
  }

  private static int integer(ByteString bytes, int bits, int index, boolean isOffset) {
    if (bits == 8) {
      return isOffset ? (bytes.byteAt(index) & 0xFF) - 128 : bytes.byteAt(index);
    }
    int nibble = bytes.byteAt(index / 2) >> (index % 2 * 4) & 0xF;
    return isOffset ? nibble - 8 : nibble > 7 ? nibble - 16 : nibble;
  }

  private static float[] transposed(float[] values, int rows, int columns) {
    var result = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = values[i * columns + j];
      }
    }
    return result;
  }
}
