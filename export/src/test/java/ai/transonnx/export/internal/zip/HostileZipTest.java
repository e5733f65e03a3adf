package ai.transonnx.export.internal.zip;

import static ai.transonnx.export.internal.zip.ZipBytes.CENTRAL;
import static ai.transonnx.export.internal.zip.ZipBytes.END;
import static ai.transonnx.export.internal.zip.ZipBytes.LOCAL;
import static ai.transonnx.export.internal.zip.ZipBytes.replaced;
import static ai.transonnx.export.internal.zip.ZipBytes.spoiled;
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

/** Archives and arrays that are not what {@code numpy.savez} writes. */
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
        refused(spoiled(STORED, END, 4, 2, 1), "is one of several parts"),
        refused(spoiled(STORED, END, 16, 4, 0xfffffff0L), "at 4294967280, outside of the file"),
        refused(spoiled(STORED, END, 12, 4, 0xfffffff0L), "to have 4294967280 bytes at"),
        refused(spoiled(STORED, END, 10, 2, 9), "to have 9 entries; its directory has room for 1"),
        refused(spoiled(STORED, END, 16, 4, 1), "directory has no entry at 1"),
        refused(spoiled(STORED, CENTRAL, 28, 2, 60_000), "directory ends within an entry"),
        refused(replaced(TWO, "b.npy", "a.npy"), "entry 'a.npy' stands in the archive twice"),
        refused(wide(Long.MIN_VALUE, 56), "64-bit record is to be at 9223372036854775808"),
        refused(wide(0, 56), "no 64-bit record at 0"),
        refused(
            new ZipBytes().toByteArray(), "a zip archive, but neither PyTorch's, with a data.pkl"),
        refused(
            new ZipBytes().add("a.txt", ARRAY).toByteArray(),
            "a zip archive, but neither PyTorch's"));
  }

  /** An archive with a pointer to a 64-bit record before its end. */
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
        refused(replaced(STORED, "a.npy", "/.npy"), "entry '/.npy' has a name that no entry can"),
        refused(replaced(STORED, "a.npy", "../ay"), "entry '../ay' has a name that no entry can"),
        refused(replaced(STORED, "a.npy", "a\\npy"), "has a name that no entry can have"),
        refused(replaced(STORED, "a.npy", "a\0npy"), "entry 'a?npy' has a name that no entry can"),
        refused(spoiled(STORED, CENTRAL, 8, 2, 1), "entry 'a.npy' is encrypted"),
        refused(spoiled(STORED, CENTRAL, 10, 2, 12), "is compressed by method 12"),
        refused(spoiled(STORED, CENTRAL, 24, 4, 1), "is stored, but as"),
        refused(spoiled(DEFLATED, CENTRAL, 24, 4, 0x7fffffff), "more than deflating can shrink"),
        refused(spoiled(STORED, CENTRAL, 24, 4, 0xffffffffL), "lacks its 64-bit sizes"),
        refused(spoiled(STORED, CENTRAL, 42, 4, 0x7fffffff), "is to begin at 2147483647, outside"),
        refused(spoiled(STORED, CENTRAL, 42, 4, 1), "is to begin at 1, but no entry begins there"),
        refused(
            spoiled(spoiled(STORED, CENTRAL, 20, 4, 9999), CENTRAL, 24, 4, 9999),
            "has 9999 bytes at 35, more than the archive"),
        refused(spoiled(STORED, LOCAL, 8, 2, 8), "is another entry where it lies"),
        refused(
            replaced(STORED, "a.npyPK\u0005", "b.npyPK\u0005"), "is another entry where it lies"),
        refused(
            spoiled(spoiled(TWO, CENTRAL, 42, 4, 0), CENTRAL, 46, 1, 'a'), "stands in the archive"),
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
        refused(spoiled(DEFLATED, CENTRAL, 16, 4, 7), "entry 'a.npy' is damaged: its checksum"),
        refused(spoiled(DEFLATED, LOCAL, 35, 4, -1), "it cannot be read: invalid"),
        refused(
            new ZipBytes().addDeflated("a.npy", npy("{}", 0)).toByteArray(),
            "its header must have"),
        refused(longer(-8), "a.npy: float32 [2] takes 8 bytes, but has 0"),
        refused(sized(4, "(3,)"), "entry 'a.npy' inflates to less than its 79 bytes"),
        refused(sized(-4, "(1,)"), "entry 'a.npy' inflates to more than its 71 bytes"));
  }

  private static byte[] longer(int by) {
    return spoiled(DEFLATED, CENTRAL, 24, 4, ARRAY.length + by);
  }

  /** A size that agrees with the shape, but not with what is deflated. */
  private static byte[] sized(int by, String shape) {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    var array = new ZipBytes().addDeflated("a.npy", npy(header, 8)).toByteArray();
    return spoiled(array, CENTRAL, 24, 4, ARRAY.length + by);
  }

  @TestFactory
  Stream<DynamicTest> headers() {
    return Stream.of(
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "but has 8"),
        header(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "its header must have"),
        header(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (9" + "9".repeat(20) + ",), }",
            "whole"),
        header(
            "{'descr': '<f4', 'fortran_order': True, 'shape': (999999999999999999, 99), }",
            "overflows the size of any file"),
        header(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1,".repeat(65) + "), }",
            "at most 64"),
        header(
            "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
            "its type '|O' is not read"),
        header(
            "{'descr': '<U4', 'fortran_order': False, 'shape': (2,), }", "its type '<U4' is not"),
        header(
            "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
            "must have a type"),
        header("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "must have a type"),
        header("{'descr': '<f4', 'descr': '<f4', 'shape': (2,), }", "has a key twice"),
        header("{'descr': '<f4', 'fortran_order': False, }", "must have a type"),
        header(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", "must have a type"),
        header("__import__('os').system('true')", "its header is no dictionary"),
        array("\u0093NUMPZ\u0001\0", "it does not begin as an .npy file does"),
        array("\u0093NUMPY\u0007\0\0\0", "its version is 7; 1 to 3 are read"),
        array(
            "\u0093NUMPY\u0002\0\u00ff\u00ff\u00ff\u00ff",
            "its header is to have 4294967295 bytes"),
        array("\u0093NUMPY\u0001\0\u00ff\0{", "it cannot be read: it ends within its header"),
        array("", "it cannot be read: it ends within its header"));
  }

  @Test
  void spacesOfAHeaderAreReadOnce() {
    String spaces = " ".repeat(65_000);
    for (var header :
        List.of("{x" + spaces + "}", "{" + spaces + "x}", "{'shape': (" + spaces + "x), }")) {
      var test = header(header, "must have a type");
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
