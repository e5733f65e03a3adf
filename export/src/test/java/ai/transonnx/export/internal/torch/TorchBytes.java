package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.PickleBytes;
import ai.transonnx.export.internal.zip.ZipBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** Writes PyTorch files from pickles and storages. */
final class TorchBytes {
  private TorchBytes() {}

  /** An archive of a pickle and storages. */
  static byte[] zip(byte[] pickle, Map<String, byte[]> entries) {
    var zip = new ZipBytes().add("archive/data.pkl", pickle);
    new TreeMap<>(entries).forEach((name, content) -> zip.add("archive/" + name, content));
    return zip.add("archive/version", new byte[] {'3', '\n'}).toByteArray();
  }

  /** The same with all entries deflated, as after repacking. */
  static byte[] deflated(byte[] pickle, Map<String, byte[]> entries) {
    var zip = new ZipBytes().addDeflated("archive/data.pkl", pickle);
    new TreeMap<>(entries).forEach((name, content) -> zip.addDeflated("archive/" + name, content));
    return zip.toByteArray();
  }

  /**
   * The legacy format: the pickles of the checkpoint and of the keys of its storages, then the
   * storages.
   */
  static byte[] legacy(int version, byte[] checkpoint, byte[] keys, byte[] storages) {
    var magic =
        new byte[] {
          0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
        };
    var out = new ByteArrayOutputStream();
    out.writeBytes(PickleBytes.of(2).op(0x8a, 10).raw(magic).stop());
    out.writeBytes(PickleBytes.of(2).integer(version).stop());
    out.writeBytes(PickleBytes.of(2).op('}').stop());
    out.writeBytes(checkpoint);
    out.writeBytes(keys);
    out.writeBytes(storages);
    return out.toByteArray();
  }

  /** A storage in the legacy format. */
  static byte[] storage(long count, float... values) {
    var buffer = ByteBuffer.allocate(8 + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(count);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }
}
