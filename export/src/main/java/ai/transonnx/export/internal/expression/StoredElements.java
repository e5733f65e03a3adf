package ai.transonnx.export.internal.expression;

import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.graph.HalfFloat;
import java.nio.ByteBuffer;

/** A tensor of a file: float16, bfloat16 and float32 are exact, float64 is rounded to nearest. */
record StoredElements(WeightFile file, WeightTensor tensor) implements Elements {
  @Override
  public void read(long from, float[] into, int at, int count) {
    int size = tensor.elements().bytes();
    int most = Content.MAX_SLICE / size;
    for (int done = 0; done < count; done += most) {
      int some = Math.min(most, count - done);
      var bytes = tensor.content().slice((from + done) * size, some * size);
      convert(bytes, into, at + done, some);
    }
  }

  private void convert(ByteBuffer bytes, float[] into, int at, int count) {
    switch (tensor.elements()) {
      case FLOAT32 -> bytes.asFloatBuffer().get(into, at, count);
      case FLOAT64 -> {
        var values = bytes.asDoubleBuffer();
        for (int i = 0; i < count; i++) {
          into[at + i] = narrow(values.get(i));
        }
      }
      case FLOAT16 -> {
        var values = bytes.asShortBuffer();
        for (int i = 0; i < count; i++) {
          into[at + i] = HalfFloat.fromFloat16(values.get(i));
        }
      }
      case BFLOAT16 -> {
        var values = bytes.asShortBuffer();
        for (int i = 0; i < count; i++) {
          into[at + i] = HalfFloat.fromBfloat16(values.get(i));
        }
      }
      default -> throw new AssertionError(tensor + " is bound to a float32 parameter");
    }
  }

  private float narrow(double value) {
    float narrowed = (float) value;
    if (Float.isInfinite(narrowed) && !Double.isInfinite(value)) {
      throw file.error(
          "tensor '%s': its value %s is too large for float32".formatted(tensor.name(), value));
    }
    return narrowed;
  }
}
