package ai.transonnx.export.internal.expression;

import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.HalfFloat;
import java.nio.ByteBuffer;

/** A tensor of a file. */
final class StoredElements implements Elements {
  /** The number of float32 elements that are read at once. */
  private static final int PIECE = 1 << 14;

  private final WeightTensor tensor;
  private final float[] piece = new float[PIECE];

  StoredElements(WeightTensor tensor) {
    this.tensor = tensor;
  }

  @Override
  public void read(long from, double[] into, int at, int count) {
    int size = tensor.elements().bytes();
    int most = Content.MAX_SLICE / size;
    for (int done = 0; done < count; done += most) {
      int some = Math.min(most, count - done);
      var bytes = tensor.content().slice((from + done) * size, some * size);
      convert(bytes, into, at + done, some);
    }
  }

  /** float32 and narrower types are read without a detour. */
  @Override
  public boolean readNarrow(long from, int count, double[] wide, float[] into) {
    if (tensor.elements() == ElementType.FLOAT64) {
      return Elements.super.readNarrow(from, count, wide, into);
    }
    int size = tensor.elements().bytes();
    int most = Content.MAX_SLICE / size;
    for (int done = 0; done < count; done += most) {
      int some = Math.min(most, count - done);
      var bytes = tensor.content().slice((from + done) * size, some * size);
      if (tensor.elements() == ElementType.FLOAT32) {
        bytes.asFloatBuffer().get(into, done, some);
      } else {
        var values = bytes.asShortBuffer();
        for (int i = 0; i < some; i++) {
          into[done + i] = HalfFloat.widen(tensor.elements(), values.get(i));
        }
      }
    }
    return true;
  }

  private void convert(ByteBuffer bytes, double[] into, int at, int count) {
    switch (tensor.elements()) {
      case FLOAT32 -> {
        var values = bytes.asFloatBuffer();
        for (int done = 0; done < count; done += PIECE) {
          int some = Math.min(PIECE, count - done);
          values.get(piece, 0, some);
          for (int i = 0; i < some; i++) {
            into[at + done + i] = piece[i];
          }
        }
      }
      case FLOAT64 -> bytes.asDoubleBuffer().get(into, at, count);
      case FLOAT16, BFLOAT16 -> {
        var values = bytes.asShortBuffer();
        for (int i = 0; i < count; i++) {
          into[at + i] = HalfFloat.widen(tensor.elements(), values.get(i));
        }
      }
      default -> throw new AssertionError(tensor + " is bound to a floating-point parameter");
    }
  }
}
