package ai.transonnx.export.internal.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.internal.pickle.PickleBytes;
import ai.transonnx.export.internal.zip.ZipBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time to open a file and read its tensors grows with the file's size, not with its square. */
class ReadingCostTest {
  private static final int TENSORS = 1000;
  private static final int TIMES = 8;

  /** How much more than in proportion a larger file may take: the square would be 8. */
  private static final int FACTOR = 4;

  private static final long CONSTANT_NANOS = 2_000_000_000L;

  @TempDir private Path directory = Path.of("");

  /** A file with this many tensors. */
  @FunctionalInterface
  private interface Format {
    Path write(Path path, int tensors) throws IOException;
  }

  private void assertInProportion(Format format) throws IOException {
    var small = format.write(directory.resolve("small"), TENSORS);
    var large = format.write(directory.resolve("large"), TIMES * TENSORS);
    Refusal.readAll(small);
    long one = nanos(small);
    long many = nanos(large);
    assertTrue(
        many < (long) TIMES * FACTOR * one + CONSTANT_NANOS,
        "%s tensors take %s ms, %s take %s ms"
            .formatted(TENSORS, one / 1_000_000, TIMES * TENSORS, many / 1_000_000));
  }

  private static long nanos(Path path) {
    long start = System.nanoTime();
    Refusal.readAll(path);
    return System.nanoTime() - start;
  }

  @Test
  void safetensors() throws IOException {
    assertInProportion(
        (path, tensors) -> {
          var weights = new TestWeights();
          for (int i = 0; i < tensors; i++) {
            weights.addCounting("layers." + i, 1);
          }
          return weights.write(path);
        });
  }

  @Test
  void safetensorsMetadata() throws IOException {
    assertInProportion(
        (path, tensors) -> {
          var metadata = new StringJoiner(",", "{\"__metadata__\":{", "}}");
          for (int i = 0; i < tensors; i++) {
            metadata.add("\"%s\":\"w\"".formatted(i));
          }
          return TestWeights.write(
              path, metadata.toString().getBytes(StandardCharsets.UTF_8), new byte[0]);
        });
  }

  @Test
  void indexesOfShards() throws IOException {
    assertInProportion(
        (path, tensors) -> {
          var shard = new TestWeights();
          var index = new StringJoiner(",", "{\"weight_map\":{", "}}");
          String file = path.getFileName() + ".safetensors";
          for (int i = 0; i < tensors; i++) {
            shard.addCounting("layers." + i, 1);
            index.add("\"layers.%s\":\"%s\"".formatted(i, file));
          }
          shard.write(path.resolveSibling(file));
          return Files.writeString(path, index.toString());
        });
  }

  @Test
  void torchArchives() throws IOException {
    assertInProportion(
        (path, tensors) -> {
          var zip = new ZipBytes().add("a/data.pkl", torchTensors(tensors));
          for (int i = 0; i < tensors; i++) {
            zip.add("a/data/" + i, new byte[4]);
          }
          return Files.write(path, zip.toByteArray());
        });
  }

  private static byte[] torchTensors(int count) {
    var pickle = PickleBytes.of(2).op('}');
    for (int i = 0; i < count; i++) {
      pickle.text("w" + i).tensor("FloatStorage", Integer.toString(i), 1, 0, "1;1").op('s');
    }
    return pickle.stop();
  }

  @Test
  void wholeModules() throws IOException {
    assertInProportion(
        (path, modules) -> {
          var pickle = PickleBytes.of(2).module("Net", 1).op('}', '(');
          for (int i = 0; i < modules; i++) {
            pickle.text("layer" + i).module("Layer", 1).op('}').endObject();
          }
          return torchArchive(path, pickle.op('u').endObject().stop());
        });
  }

  /** A dictionary of state dicts in objects, each under its own key. */
  @Test
  void stateDictsInObjects() throws IOException {
    assertInProportion(
        (path, sets) -> {
          var pickle = PickleBytes.of(2).op('}', '(');
          for (int i = 0; i < sets; i++) {
            pickle.text("set" + i).object("program", "Thing").text("weights").op('}').text("w");
            pickle.tensor("FloatStorage", "0", 1, 0, "1;1").op('s').endObject();
          }
          return torchArchive(path, pickle.op('u').stop());
        });
  }

  private static Path torchArchive(Path path, byte[] pickle) throws IOException {
    var zip = new ZipBytes().add("a/data.pkl", pickle).add("a/data/0", new byte[4]);
    return Files.write(path, zip.toByteArray());
  }

  @Test
  void legacyTorchFiles() throws IOException {
    assertInProportion(
        (path, tensors) -> {
          var out = new ByteArrayOutputStream();
          var magic =
              new byte[] {
                0x6c,
                (byte) 0xfc,
                (byte) 0x9c,
                0x46,
                (byte) 0xf9,
                0x20,
                0x6a,
                (byte) 0xa8,
                0x50,
                0x19
              };
          out.writeBytes(PickleBytes.of(2).op(0x8a, 10).raw(magic).stop());
          out.writeBytes(PickleBytes.of(2).integer(1001).stop());
          out.writeBytes(PickleBytes.of(2).op('}').stop());
          out.writeBytes(torchTensors(tensors));
          var keys = PickleBytes.of(2).op(']');
          for (int i = 0; i < tensors; i++) {
            keys.text(Integer.toString(i)).op('a');
          }
          out.writeBytes(keys.stop());
          for (int i = 0; i < tensors; i++) {
            out.writeBytes(
                ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(1).array());
          }
          return Files.write(path, out.toByteArray());
        });
  }

  @Test
  void paddleFiles() throws IOException {
    assertInProportion(
        (path, tensors) -> {
          var pickle = PickleBytes.of(2).op('}');
          for (int i = 0; i < tensors; i++) {
            pickle.text("w" + i).array("f4", "<", new byte[4], 1).op('s');
          }
          return Files.write(path, pickle.stop());
        });
  }

  /** An array that Paddle cut into parts of one element. */
  @Test
  void paddlesArraysInParts() throws IOException {
    assertInProportion(
        (path, parts) -> {
          var pickle = PickleBytes.of(2).op('}').text("UnpackBigParamInfor@@").op('}').text("w");
          pickle.op('}').text("OriginShape").numbers(parts).op('s').text("slices").op(']', '(');
          for (int i = 0; i < parts; i++) {
            pickle.text("w@@." + i);
          }
          pickle.op('e', 's', 's', 's');
          for (int i = 0; i < parts; i++) {
            pickle.text("w@@." + i).array("f4", "<", new byte[4], 1).op('s');
          }
          return Files.write(path, pickle.stop());
        });
  }

  @Test
  void numpyArchives() throws IOException {
    assertInProportion(
        (path, tensors) -> {
          var zip = new ZipBytes();
          for (int i = 0; i < tensors; i++) {
            zip.addDeflated(i + ".npy", npy("(1,)", false, new byte[4]));
          }
          return Files.write(path, zip.toByteArray());
        });
  }

  /** A matrix whose columns are stored one after the other; it has 1000 columns. */
  @Test
  void columnMajorArrays() throws IOException {
    assertInProportion(
        (path, rows) -> {
          var matrix = npy("(%s, 1000)".formatted(rows / 4), true, new byte[1000 * rows]);
          return Files.write(path, new ZipBytes().addDeflated("w.npy", matrix).toByteArray());
        });
  }

  private static byte[] npy(String shape, boolean isColumnMajor, byte[] elements) {
    var header =
        "{'descr': '<f4', 'fortran_order': %s, 'shape': %s}\n"
            .formatted(isColumnMajor ? "True" : "False", shape)
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(10 + header.length + elements.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) header.length)
        .put(header)
        .put(elements)
        .array();
  }
}
