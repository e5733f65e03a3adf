package ai.transonnx.export.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/** Protobuf's encoding of a field whose content is too long to be a message in memory. */
final class Wire {
  /** The longest message that Protobuf's readers take, in bytes. */
  static final long MAX_MESSAGE = Integer.MAX_VALUE;

  private static final int MAX_PREFIX = 20;

  private Wire() {}

  /** What precedes {@code length} bytes of a message, text or bytes. */
  static ByteString prefix(int field, long length) {
    var output = ByteString.newOutput(MAX_PREFIX);
    var coded = CodedOutputStream.newInstance(output, MAX_PREFIX);
    try {
      coded.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      coded.writeUInt64NoTag(length);
      coded.flush();
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return output.toByteString();
  }
}
