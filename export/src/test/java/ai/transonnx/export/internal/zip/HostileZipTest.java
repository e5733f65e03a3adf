package ai.transonnx.export.internal.zip;

import static ai.transonnx.export.internal.zip.ZipBytes.CENTRAL;
import static ai.transonnx.export.internal.zip.ZipBytes.END;
import static ai.transonnx.export.internal.zip.ZipBytes.LOCAL;
import static ai.transonnx.export.internal.zip.ZipBytes.damaged;
import static ai.transonnx.export.internal.zip.ZipBytes.replaced;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ai.transonnx.export.internal.weights.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Damaged and hostile archives and arrays. */
class HostileZipTest {
  private static final byte[] ARRAY =
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8);
  private static final byte[] STORED = new ZipBytes().add("a.npy", ARRAY).toByteArray();
  private static final byte[] TWO =
      new ZipBytes().add("a.npy", ARRAY).add("b.npy", ARRAY).toByteArray();
  private static final byte[] DEFLATED = new ZipBytes().addDeflated("a.npy", ARRAY).toByteArray();

  private static byte[] npy(String header, int dataBytes) {
    int length = header.length();
    var text =
        ("\u0093NUMPY\u0001\0" + (char) (length & 255) + (char) (length >> 8) + header)
            .getBytes(ISO_8859_1);
    return Arrays.copyOf(text, text.length + dataBytes);
  }

  @TestFactory
  Stream<DynamicTest> directories() {
    return Stream.of(
        refused(Arrays.copyOf(STORED, STORED.length - 1), "has no directory at its end"),
        refused(Arrays.copyOf(STORED, 30), "has no directory at its end; it is truncated"),
        refused(damaged(STORED, END, 4, 2, 1), "is one part of several"),
        refused(damaged(STORED, END, 16, 4, 0xfffffff0L), "at 4294967280 is outside the file"),
        refused(damaged(STORED, END, 12, 4, 0xfffffff0L), "directory of 4294967280 bytes at"),
        refused(damaged(STORED, END, 10, 2, 9), "has 9 entries, but its directory has space for 1"),
        refused(damaged(STORED, END, 16, 4, 1), "directory has no entry at 1"),
        refused(damaged(STORED, CENTRAL, 28, 2, 60_000), "directory ends within an entry"),
        refused(replaced(TWO, "b.npy", "a.npy"), "entry 'a.npy' occurs twice in the archive"),
        refused(
            wide(Long.MIN_VALUE, 56), "ZIP64 record is at 9223372036854775808, outside the file"),
        refused(wide(0, 56), "no ZIP64 record at 0"),
        refused(
            new ZipBytes().toByteArray(),
            "this zip archive is neither a PyTorch file, with a data.pkl"),
        refused(
            new ZipBytes().add("a.txt", ARRAY).toByteArray(),
            "this zip archive is neither a PyTorch file"));
  }

  /** An archive with a ZIP64 locator before its end record. */
  private static byte[] wide(long record, int padding) {
    var bytes = Arrays.copyOf(STORED, STORED.length - 22 + padding + 20 + 22);
    Arrays.fill(bytes, STORED.length - 22, bytes.length, (byte) 0);
    System.arraycopy(STORED, STORED.length - 22, bytes, bytes.length - 22, 22);
    var locator = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    locator.putInt(bytes.length - 42, 0x07064b50).putLong(bytes.length - 34, record);
    return bytes;
  }

  @TestFactory
  Stream<DynamicTest> entries() {
    return Stream.of(
        refused(replaced(STORED, "a.npy", "/.npy"), "entry '/.npy' has an invalid name"),
        refused(replaced(STORED, "a.npy", "../ay"), "entry '../ay' has an invalid name"),
        refused(replaced(STORED, "a.npy", "a\\npy"), "has an invalid name"),
        refused(replaced(STORED, "a.npy", "a\0npy"), "entry 'a?npy' has an invalid name"),
        refused(damaged(STORED, CENTRAL, 8, 2, 1), "entry 'a.npy' is encrypted"),
        refused(damaged(STORED, CENTRAL, 10, 2, 12), "is compressed by method 12"),
        refused(damaged(STORED, CENTRAL, 24, 4, 1), "is stored uncompressed, but has"),
        refused(damaged(DEFLATED, CENTRAL, 24, 4, 0x7fffffff), "more than deflate can compress"),
        refused(damaged(STORED, CENTRAL, 24, 4, 0xffffffffL), "has no 64-bit sizes"),
        refused(damaged(STORED, CENTRAL, 42, 4, 0x7fffffff), "starts at 2147483647, outside"),
        refused(damaged(STORED, CENTRAL, 42, 4, 1), "starts at 1, but no entry is there"),
        refused(
            damaged(damaged(STORED, CENTRAL, 20, 4, 9999), CENTRAL, 24, 4, 9999),
            "has 9999 bytes at 35, beyond the end"),
        refused(damaged(STORED, LOCAL, 8, 2, 8), "has a local header that differs"),
        refused(
            replaced(STORED, "a.npyPK\u0005", "b.npyPK\u0005"), "has a local header that differs"),
        refused(damaged(damaged(TWO, CENTRAL, 42, 4, 0), CENTRAL, 46, 1, 'a'), "occurs twice"),
        refused(overlapping(), "overlaps 'a.npy'"));
  }

  /** The first entry is as long as both. */
  private static byte[] overlapping() {
    int own = ARRAY.length + 35;
    var archive = TWO.clone();
    var buffer = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    int central = 2 * own;
    buffer.putInt(central + 20, ARRAY.length + own).putInt(central + 24, ARRAY.length + own);
    return archive;
  }

  @TestFactory
  Stream<DynamicTest> deflatedEntries() {
    return Stream.of(
        refused(damaged(DEFLATED, CENTRAL, 16, 4, 7), "entry 'a.npy' is damaged: its checksum"),
        refused(damaged(DEFLATED, LOCAL, 35, 4, -1), "it cannot be read: invalid"),
        refused(
            new ZipBytes().addDeflated("a.npy", npy("{}", 0)).toByteArray(),
            "its header must have the keys"),
        refused(longer(-8), "a.npy: float32 [2] takes 8 bytes, but has 0"),
        refused(sized(4, "(3,)"), "entry 'a.npy' inflates to less than the declared 79 bytes"),
        refused(sized(-4, "(1,)"), "entry 'a.npy' inflates to more than the declared 71 bytes"));
  }

  private static byte[] longer(int by) {
    return damaged(DEFLATED, CENTRAL, 24, 4, ARRAY.length + by);
  }

  /** A size that agrees with the shape, but not with what is deflated. */
  private static byte[] sized(int by, String shape) {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    var array = new ZipBytes().addDeflated("a.npy", npy(header, 8)).toByteArray();
    return damaged(array, CENTRAL, 24, 4, ARRAY.length + by);
  }

  @TestFactory
  Stream<DynamicTest> headers() {
    return Stream.of(
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "but has 8"),
        header(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
            "its header must have the keys"),
        header(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (9" + "9".repeat(20) + ",), }",
            "non-negative integers"),
        header(
            "{'descr': '<f4', 'fortran_order': True, 'shape': (999999999999999999, 99), }",
            "is too large for any file"),
        header(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1,".repeat(65) + "), }",
            "at most 64"),
        header(
            "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
            "its element type '|O' is not supported"),
        header(
            "{'descr': '<U4', 'fortran_order': False, 'shape': (2,), }",
            "its element type '<U4' is not"),
        header(
            "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
            "must have the keys"),
        header("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "must have the keys"),
        header("{'descr': '<f4', 'descr': '<f4', 'shape': (2,), }", "has a duplicate key"),
        header("{'descr': '<f4', 'fortran_order': False, }", "must have the keys"),
        header(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
            "must have the keys"),
        header("__import__('os').system('true')", "its header is not a dictionary"),
        array("\u0093NUMPZ\u0001\0", "it does not begin with the magic string"),
        array("\u0093NUMPY\u0007\0\0\0", "its version is 7; versions 1 to 3 are supported"),
        array("\u0093NUMPY\u0002\0\u00ff\u00ff\u00ff\u00ff", "its header has 4294967295 bytes"),
        array("\u0093NUMPY\u0001\0\u00ff\0{", "it cannot be read: it ends within its header"),
        array("", "it cannot be read: it ends within its header"));
  }

  @Test
  void parsesAHeaderOfSpacesInLinearTime() {
    String spaces = " ".repeat(9_900);
    for (var header :
        List.of("{x" + spaces + "}", "{" + spaces + "x}", "{'shape': (" + spaces + "x), }")) {
      var test = header(header, "must have the keys");
      assertTimeoutPreemptively(Duration.ofSeconds(10), () -> test.getExecutable().execute());
    }
  }

  private static DynamicTest header(String header, String message) {
    return refused(new ZipBytes().add("a.npy", npy(header, 8)).toByteArray(), message);
  }

  private static DynamicTest array(String content, String message) {
    return refused(
        new ZipBytes().add("a.npy", content.getBytes(ISO_8859_1)).toByteArray(),
        "a.npy: " + message);
  }

  private static DynamicTest refused(byte[] archive, String message) {
    return Refusal.of("archive", archive, message);
  }
}
