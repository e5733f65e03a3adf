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
 * Float32 weights, each rounded up or down at random to a 16-bit value. The outputs of a model with
 * these weights show its sensitivity to rounding.
 *
 * @param type float16 or bfloat16
 * @param seed the seed of the random choices
 */
record PerturbedWeights(WeightFile file, ElementType type, int seed) implements WeightFile {
  private static final long MIX = 0x9e3779b97f4a7c15L;

  @Override
  public Map<String, WeightTensor> tensors() {
    var perturbed = new LinkedHashMap<String, WeightTensor>();
    file.tensors().forEach((name, tensor) -> perturbed.put(name, perturbed(tensor)));
    return perturbed;
  }

  private WeightTensor perturbed(WeightTensor tensor) {
    if (tensor.elements() != ElementType.FLOAT32) {
      return tensor;
    }
    Content content = (offset, length) -> perturbed(tensor.content().slice(offset, length), offset);
    return new WeightTensor(tensor.name(), tensor.type(), content);
  }

  private ByteBuffer perturbed(ByteBuffer slice, long offset) {
    var rounded = ByteBuffer.allocate(slice.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < slice.remaining() / Float.BYTES; i++) {
      float value = slice.getFloat(slice.position() + i * Float.BYTES);
      rounded.putFloat(rounded(value, offset / Float.BYTES + i));
    }
    return rounded.flip();
  }

  /**
   * One of the two nearest values of the type, or the value itself if the type can represent it.
   */
  private float rounded(float value, long index) {
    short nearest = HalfFloat.narrow(type, value);
    float below = HalfFloat.widen(type, nearest);
    long random = (index + seed) * MIX;
    boolean stays = below == value || ((random ^ (random >>> 32)) & 1) == 0;
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
