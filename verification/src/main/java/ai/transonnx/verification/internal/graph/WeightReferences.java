package ai.transonnx.verification.internal.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The files of a model's weights, and the references to them. In a {@link ModelFile}, the location
 * of the file with index 2 is such as {@code weights-1f5c09aa-2.bin}. The number is another one for
 * another file, so that variants of several files can be in one folder.
 */
final class WeightReferences {
  static final String LOCATION = "location";
  static final String OFFSET = "offset";
  static final String LENGTH = "length";

  private static final String PREFIX = "weights-";
  private static final String SEPARATOR = "-";
  private static final String SUFFIX = ".bin";

  private final Path model;
  private final String prefix;
  private final List<Path> files = new ArrayList<>();

  WeightReferences(Path model) {
    this.model = model;
    this.prefix = PREFIX + identity(model) + SEPARATOR;
  }

  private static String identity(Path file) {
    try {
      var path = file.toRealPath();
      return Integer.toHexString(
          Objects.hash(path, Files.size(path), Files.getLastModifiedTime(path)));
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }

  /** The files in the order of their indices. */
  List<Path> files() {
    return files;
  }

  /** Replaces the location of each external initializer, and adds missing offsets and lengths. */
  ModelProto resolve(ModelProto weightless) {
    var resolved = weightless.toBuilder();
    Initializers.update(resolved.getGraphBuilder(), this::resolve);
    return resolved.build();
  }

  private void resolve(TensorProto.Builder tensor) {
    if (tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
      return;
    }
    var stated = tensor.build();
    long bytes = TensorBytes.of(stated);
    var location = entry(stated, LOCATION).orElse(WeightlessModel.INSIDE);
    long length = entry(stated, LENGTH).map(Long::parseLong).orElse(bytes);
    if (length != bytes) {
      throw new InputException(
          "%s: tensor '%s' needs %s bytes for its shape, and has %s; the file is damaged"
              .formatted(model, tensor.getName(), bytes, length));
    }
    tensor.clearExternalData();
    tensor.addExternalData(entry(LOCATION, prefix + index(location) + SUFFIX));
    tensor.addExternalData(entry(OFFSET, entry(stated, OFFSET).orElse("0")));
    tensor.addExternalData(entry(LENGTH, Long.toString(length)));
  }

  private int index(String location) {
    var file = location.equals(WeightlessModel.INSIDE) ? model : model.resolveSibling(location);
    int index = files.indexOf(file);
    if (index < 0) {
      files.add(file);
      return files.size() - 1;
    }
    return index;
  }

  private Optional<String> entry(TensorProto tensor, String key) {
    var values =
        tensor.getExternalDataList().stream()
            .filter(entry -> entry.getKey().equals(key))
            .map(StringStringEntryProto::getValue)
            .toList();
    if (values.size() > 1) {
      throw new InputException(
          "%s: tensor '%s' has its elements in several pieces; save the file anew with Python's onnx.save"
              .formatted(model, tensor.getName()));
    }
    return values.stream().findFirst();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** The location of a resolved external initializer; empty if its elements are in the model. */
  static Optional<String> location(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        ? Optional.of(value(tensor, LOCATION))
        : Optional.empty();
  }

  /** The index of a file with such a location. */
  static int indexOf(String location) {
    return Integer.parseInt(
        location.substring(
            location.lastIndexOf(SEPARATOR) + 1, location.length() - SUFFIX.length()));
  }

  /** The offset or length of a resolved external initializer. */
  static long number(TensorProto tensor, String key) {
    return Long.parseLong(value(tensor, key));
  }

  private static String value(TensorProto tensor, String key) {
    return tensor.getExternalDataList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst()
        .orElseThrow();
  }
}
