package ai.transonnx.verification.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.transonnx.runtime.Tensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The SHA-256 of named tensors: of names, types, shapes and elements, in the order of the names.
 */
final class InputHash {
  private InputHash() {}

  static String of(Map<String, Tensor> tensors) {
    var digest = sha256();
    new TreeMap<>(tensors).forEach((name, tensor) -> update(digest, name, tensor));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The SHA-256 of lines. */
  static String ofTexts(Stream<String> lines) {
    var digest = sha256();
    lines.forEach(line -> digest.update((line + "\n").getBytes(UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, String name, Tensor tensor) {
    var header = "%s\n%s %s\n".formatted(name, tensor.type(), Arrays.toString(tensor.shape()));
    var bytes = header.getBytes(UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
    digest.update(tensor.data());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
