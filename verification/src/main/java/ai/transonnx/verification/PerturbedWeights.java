package ai.transonnx.verification;

import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.HalfFloat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Weights of float32, each rounded to 16 bits, up or down as chance has it. What a model makes of
 * them shows how far rounding of its weights alone moves it.
 *
 * @param type float16 or bfloat16
 * @param seed of the chance
 */
record PerturbedWeights(WeightFile file, ElementType type, int seed) implements WeightFile {
  private static final long MIX = 0x9e3779b97f4a7c15L;

  @Override
  public Map<String, WeightTensor> tensors() {
    var shaken = new LinkedHashMap<String, WeightTensor>();
    file.tensors().forEach((name, tensor) -> shaken.put(name, shaken(tensor)));
    return shaken;
  }

  private WeightTensor shaken(WeightTensor tensor) {
    if (tensor.elements() != ElementType.FLOAT32) {
      return tensor;
    }
    Content content = (offset, length) -> shaken(tensor.content().slice(offset, length), offset);
    return new WeightTensor(tensor.name(), tensor.type(), content);
  }

  private ByteBuffer shaken(ByteBuffer slice, long offset) {
    var rounded = ByteBuffer.allocate(slice.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < slice.remaining() / Float.BYTES; i++) {
      float value = slice.getFloat(slice.position() + i * Float.BYTES);
      rounded.putFloat(rounded(value, offset / Float.BYTES + i));
    }
    return rounded.flip();
  }

  /** One of the two neighbours that the type has; a number that it has stays. */
  private float rounded(float value, long index) {
    short nearest = HalfFloat.narrow(type, value);
    float below = HalfFloat.widen(type, nearest);
    long chance = (index + seed) * MIX;
    boolean stays = below == value || ((chance ^ (chance >>> 32)) & 1) == 0;
    int away = Math.abs(below) > Math.abs(value) ? -1 : 1;
    return stays ? below : HalfFloat.widen(type, (short) (nearest + away));
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public List<Path> files() {
    return file.files();
  }

  @Override
  public String format() {
    return file.format();
  }

  @Override
  public SortedMap<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public void close() {
    file.close();
  }
}
