package ai.transonnx.verification.internal.run;

import ai.transonnx.format.internal.file.NewFile;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Keeps large tensors in files instead of memory, in a temporary folder. For one thread. */
public final class SpilledTensors {
  private static final int LARGE = 1 << 20;

  private final Path folder;
  private int count;

  /**
   * Keeps tensors in a folder.
   *
   * @param folder a temporary folder that lasts longer than the tensors
   */
  public SpilledTensors(Path folder) {
    this.folder = folder;
  }

  /** The same tensors; the elements of large ones are mapped from files. */
  public Map<String, Tensor> spill(Map<String, Tensor> tensors) {
    var spilled = new HashMap<String, Tensor>();
    tensors.forEach((name, tensor) -> spilled.put(name, spill(tensor)));
    return spilled;
  }

  private Tensor spill(Tensor tensor) {
    var data = tensor.data();
    if (data.remaining() < LARGE) {
      return tensor;
    }
    var file = folder.resolve("tensor-" + count++);
    long bytes = data.remaining();
    try (var stream = NewFile.create(file);
        var channel = Channels.newChannel(stream)) {
      while (data.hasRemaining()) {
        channel.write(data);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (var channel = PlainFile.channel(file)) {
      var mapped = channel.map(MapMode.READ_ONLY, 0, bytes);
      return Tensor.of(tensor.type(), mapped, tensor.shape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
