package ai.transonnx.verification.internal.call;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Inputs that are made from the signature and metadata of a model. A name and a type decide the
 * kind of an input: tokens are within their vocabulary, indices within their table, masks keep the
 * start of each row and drop the end of some, positions are counted. The same seed gives the same
 * inputs. For one thread.
 */
final class MadeInputs {
  /** Larger inputs are given by the user. */
  private static final long MOST_ELEMENTS = 1L << 28;

  private static final double KEPT = 0.75;

  private final CallModel model;
  private final long seed;

  MadeInputs(CallModel model, long seed) {
    this.model = model;
    this.seed = seed;
  }

  /**
   * Every input besides state.
   *
   * @param batch the number of rows, if it is free
   * @param length the number of positions, if it is free
   * @throws InputException if an input would be too large
   */
  Map<String, Tensor> of(long batch, long length) {
    var sizes = new CallSizes(model, batch, length);
    var inputs = new LinkedHashMap<String, Tensor>();
    for (var spec : model.givenInputs().values()) {
      long[] shape = sizes.shape(spec);
      check(spec, shape);
      var random = new Random(seed * 31 + spec.name().hashCode());
      inputs.put(spec.name(), value(spec, shape, length, random));
    }
    return inputs;
  }

  private static void check(TensorSpec spec, long... shape) {
    double elements = 1;
    for (long size : shape) {
      elements *= size;
    }
    if (elements > MOST_ELEMENTS) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "input %s would have %.0f elements; specify the inputs with --inputs",
              spec,
              elements));
    }
  }

  private Tensor value(TensorSpec spec, long[] shape, long length, Random random) {
    if (spec.type() == ElementType.BOOL) {
      return mask(spec, shape, random);
    }
    if (spec.type().isFloatingPoint()) {
      return floats(spec, shape, random);
    }
    return integers(spec, shape, length, random);
  }

  private static Tensor floats(TensorSpec spec, long[] shape, Random random) {
    int count = count(shape);
    boolean isMask = isNamed(spec, "mask");
    if (spec.type() == ElementType.FLOAT64) {
      var bytes = ByteBuffer.allocateDirect(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        bytes.putDouble(isMask ? 1 : random.nextGaussian());
      }
      return Tensor.of(ElementType.FLOAT64, bytes.flip(), shape);
    }
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = isMask ? 1 : (float) random.nextGaussian();
    }
    return Tensor.ofFloats(values, shape).as(spec.type());
  }

  private Tensor integers(TensorSpec spec, long[] shape, long length, Random random) {
    var values = new long[count(shape)];
    long last = shape.length == 0 ? 1 : shape[shape.length - 1];
    var limit = model.limits().get(spec.name());
    if (limit == null && isOfEachRow(spec)) {
      rowNumbers(spec, values, length, random);
    } else if (isNamed(spec, "mask")) {
      var kept = mask(spec, shape, random).booleans();
      for (int i = 0; i < values.length; i++) {
        values[i] = kept[i] ? 1 : 0;
      }
    } else if (isPosition(spec)) {
      for (int i = 0; i < values.length; i++) {
        values[i] = limit == null ? i % last : i % last % limit;
      }
    } else {
      long bound = limit == null ? 2 : limit;
      for (int i = 0; i < values.length; i++) {
        values[i] = (long) (random.nextDouble() * bound);
      }
    }
    return typed(spec.type(), values, shape);
  }

  /** Whether there is one number for each row. */
  private boolean isOfEachRow(TensorSpec spec) {
    return spec.rank() == 1 && model.batch().equals(Optional.of(spec.dims().get(0)));
  }

  /** Lengths are at least 1, numbers of padding positions leave half of the sequence. */
  private static void rowNumbers(TensorSpec spec, long[] values, long length, Random random) {
    boolean isPadding = isNamed(spec, "start") || isNamed(spec, "pad");
    for (int row = 0; row < values.length; row++) {
      int half = (int) Math.max(1, length / 2);
      values[row] = isPadding ? (row == 0 ? 0 : random.nextInt(half)) : 1 + random.nextInt(half);
    }
  }

  private static boolean isPosition(TensorSpec spec) {
    var name = spec.name().toLowerCase(Locale.ROOT);
    return name.equals("pos") || name.contains("position");
  }

  private static boolean isNamed(TensorSpec spec, String word) {
    return spec.name().toLowerCase(Locale.ROOT).contains(word);
  }

  /**
   * A mask [b, n] keeps the whole first row and the beginning of the others. A larger one drops
   * elements at random, but none on the diagonal of the last two axes and none of the first column,
   * so that every row keeps some.
   */
  private Tensor mask(TensorSpec spec, long[] shape, Random random) {
    var values = new boolean[count(shape)];
    int columns = shape.length == 0 ? 1 : (int) shape[shape.length - 1];
    boolean isRow = shape.length < 2 || isOfRows(spec);
    int kept = columns;
    for (int i = 0; i < values.length; i++) {
      int column = i % columns;
      int row = i / columns;
      if (isRow) {
        if (column == 0) {
          kept = row == 0 ? columns : columns - dropped(columns, random);
        }
        values[i] = column < kept;
      } else {
        int rows = (int) shape[shape.length - 2];
        boolean isAlwaysKept = column == 0 || column == row % rows;
        values[i] = isAlwaysKept || random.nextDouble() < KEPT;
      }
    }
    return Tensor.ofBooleans(values, shape);
  }

  /** At least one position is dropped where one can be kept, so that the mask matters. */
  private static int dropped(int columns, Random random) {
    return columns < 2 ? 0 : 1 + random.nextInt(columns / 2);
  }

  /** Whether the shape is [b, n]. */
  private boolean isOfRows(TensorSpec spec) {
    return spec.rank() == 2 && model.batch().map(spec.dims().get(0)::equals).orElse(true);
  }

  private static Tensor typed(ElementType type, long[] values, long... shape) {
    if (type == ElementType.INT64) {
      return Tensor.ofLongs(values, shape);
    }
    var bytes =
        ByteBuffer.allocateDirect(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      switch (type.bytes()) {
        case 1 -> bytes.put((byte) value);
        case 2 -> bytes.putShort((short) value);
        case 4 -> bytes.putInt((int) value);
        default -> bytes.putLong(value);
      }
    }
    return Tensor.of(type, bytes.flip(), shape);
  }

  private static int count(long... shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    return (int) count;
  }
}
