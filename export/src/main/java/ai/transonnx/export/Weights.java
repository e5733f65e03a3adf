package ai.transonnx.export;

import ai.transonnx.InputException;
import ai.transonnx.export.paddle.PaddleFile;
import ai.transonnx.export.safetensors.SafetensorsFile;
import ai.transonnx.export.weights.MappedFile;
import ai.transonnx.export.weights.WeightFile;
import java.nio.file.Path;
import java.util.Optional;

/** Opens files of weights. */
public final class Weights {
  private static final int PICKLE = 0x80;

  private Weights() {}

  /**
   * Opens a file of weights; the content tells the format.
   *
   * @throws InputException if the file is missing or unreadable, or not a valid file of a format
   *     that is read here: safetensors, Paddle's pdparams
   */
  public static WeightFile open(Path path) {
    return isPickle(path) ? PaddleFile.open(path, Optional.empty()) : SafetensorsFile.open(path);
  }

  /** Whether a file begins as one of weights does. */
  public static boolean isLikely(Path path) {
    try (var file = MappedFile.open(path)) {
      return isPickle(file) || beginsAsJson(file);
    }
  }

  private static boolean isPickle(Path path) {
    try (var file = MappedFile.open(path)) {
      return isPickle(file);
    }
  }

  /** A pickle begins with 0x80; so does a safetensors file whose header has such a length. */
  private static boolean isPickle(MappedFile file) {
    return file.size() > 0
        && Byte.toUnsignedInt(file.slice(0, 1).get()) == PICKLE
        && !(beginsAsJson(file) && isLength(file.slice(0, 8).getLong(), file));
  }

  private static boolean beginsAsJson(MappedFile file) {
    return file.size() > 8 && file.slice(8, 1).get() == '{';
  }

  private static boolean isLength(long length, MappedFile file) {
    return length >= 0 && length <= file.size() - 8;
  }
}
