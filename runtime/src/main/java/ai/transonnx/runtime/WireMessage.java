package ai.transonnx.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A Protobuf message, written field by field. */
final class WireMessage {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  WireMessage number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  WireMessage bytes(int field, byte[] value) {
    varint(((long) field << 3) | 2);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  WireMessage text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  WireMessage message(int field, WireMessage value) {
    return bytes(field, value.toBytes());
  }

  /** Fields that are encoded already. */
  WireMessage encoded(byte[] fields) {
    bytes.writeBytes(fields);
    return this;
  }

  int size() {
    return bytes.size();
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
