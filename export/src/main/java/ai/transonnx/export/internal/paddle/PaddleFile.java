package ai.transonnx.export.internal.paddle;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.numpy.NumpyGlobals;
import ai.transonnx.export.internal.pickle.Checkpoint;
import ai.transonnx.export.internal.pickle.KnownGlobals;
import ai.transonnx.export.internal.pickle.PickleInput;
import ai.transonnx.export.internal.pickle.PickleReader;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Constructor;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.pickle.UnusableTensor;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.MappedFile;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.TensorType;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The file format of {@code paddle.save} ({@code .pdparams}): a pickle of a dictionary whose values
 * are NumPy arrays, or pairs of a parameter's name and its array. The keys of the dictionary are
 * the names of the tensors; its table of parameter names is ignored.
 */
public final class PaddleFile {
  private static final KnownGlobals GLOBALS =
      KnownGlobals.standard().with(NumpyGlobals.ALL).with(tensors());

  private PaddleFile() {}

  /**
   * Opens and checks a file.
   *
   * @param key the key of the state dict within the dictionary; empty to search the usual keys
   * @throws InputException if it is missing or unreadable, or is not a pickle of named arrays
   */
  public static WeightFile open(Path path, Optional<String> key) {
    var file = MappedFile.open(path);
    try {
      var location = Location.of(path);
      var input = new PickleInput(file, file.size());
      var checkpoint = PickleReader.read(location, input, GLOBALS);
      if (input.remaining() > 0) {
        throw location.error("%s bytes follow the end of the pickle".formatted(input.remaining()));
      }
      checkpoint = SplitArrays.joined(checkpoint, location);
      var contents =
          Checkpoint.contents(checkpoint, key, PaddleFile::tensor, location)
              .withTensors(PaddleFile::bfloat16);
      return TensorFile.of(path, "Paddle pdparams", contents, file::close);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /** Paddle's tensors, and PyTorch's, which name themselves if a program wrote such a pickle. */
  private static Map<String, PickleValue> tensors() {
    return Map.of(
        "paddle.framework.io_utils _reconstruct_dense_tensor_data",
        new Constructor(
            "paddle.framework.io_utils._reconstruct_dense_tensor_data",
            arguments -> arguments.value(0, "its array", TensorValue.class)),
        "torch._utils _rebuild_tensor_v2",
        new Constructor(
            "torch._utils._rebuild_tensor_v2",
            arguments ->
                new UnusableTensor("a PyTorch tensor saved with pickle instead of torch.save")));
  }

  private static Optional<TensorValue> tensor(PickleValue value) {
    if (value instanceof Tuple pair
        && pair.items().size() == 2
        && PickleValue.text(pair.items().get(0)).isPresent()
        && pair.items().get(1) instanceof TensorValue array) {
      return Optional.of(array);
    }
    return TensorValue.of(value);
  }

  /**
   * Restores bfloat16: NumPy lacks it, so Paddle stores it as uint16, which Paddle itself lacks.
   */
  private static WeightTensor bfloat16(WeightTensor tensor) {
    return tensor.elements() == ElementType.UINT16
        ? new WeightTensor(
            tensor.name(), new TensorType(ElementType.BFLOAT16, tensor.shape()), tensor.content())
        : tensor;
  }
}
