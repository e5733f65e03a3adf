package ai.transonnx.export.internal.numpy;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.FileContents;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.StridedContent;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.internal.zip.ZipArchive;
import ai.transonnx.export.internal.zip.ZipEntry;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.graph.TensorType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.TreeMap;

/** The file format of {@code numpy.savez} and {@code savez_compressed}: a zip archive of arrays. */
public final class NpzFile {
  private static final String SUFFIX = ".npy";

  private NpzFile() {}

  /** Whether all entries of an archive are arrays. */
  public static boolean matches(ZipArchive archive) {
    return !archive.entries().isEmpty()
        && archive.entries().keySet().stream().allMatch(name -> name.endsWith(SUFFIX));
  }

  /**
   * Opens and checks an archive of arrays.
   *
   * @param archive closing the file closes it
   * @throws InputException if an entry is not complete, or none is an array of numbers
   */
  public static WeightFile open(ZipArchive archive) {
    var tensors = new LinkedHashMap<String, WeightTensor>();
    var unusable = new LinkedHashMap<String, String>();
    for (var entry : archive.entries().values()) {
      String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
      var location = archive.location().in(entry.name());
      try (var stream = archive.stream(entry)) {
        tensors.put(name, tensor(archive, entry, name, NpyHeader.read(stream), location));
      } catch (NpyHeader.HeaderException e) {
        unusable.put(name, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw location.error("it cannot be read: " + e.getMessage());
      }
    }
    if (tensors.isEmpty()) {
      var first = unusable.entrySet().iterator().next();
      throw archive.location().in(first.getKey() + SUFFIX).error(first.getValue());
    }
    var path = archive.location().file();
    var contents = FileContents.of(new WeightSet("", tensors, unusable), new TreeMap<>());
    return TensorFile.of(path, "NumPy npz", contents, archive);
  }

  private static WeightTensor tensor(
      ZipArchive archive, ZipEntry entry, String name, NpyHeader header, Location location) {
    var type = new TensorType(header.type().elements(), header.shape());
    int elementBytes = type.elements().bytes();
    long present = entry.bytes() - header.bytes();
    var sizes = header.shape().sizes();
    try {
      long needed = Math.multiplyExact(header.shape().elements(), (long) elementBytes);
      if (needed != present) {
        throw location.error("%s takes %s bytes, but has %s".formatted(type, needed, present));
      }
      var strides =
          header.isColumnMajor()
              ? StridedContent.columnMajor(sizes)
              : StridedContent.rowMajor(sizes);
      var stored = archive.content(entry).part(header.bytes(), present);
      var elements = header.type().littleEndian(stored);
      return new WeightTensor(
          name, type, StridedContent.of(elements, elementBytes, 0, sizes, strides));
    } catch (ArithmeticException e) {
      throw location.error("its shape %s is too large for any file".formatted(header.shape()));
    }
  }
}
