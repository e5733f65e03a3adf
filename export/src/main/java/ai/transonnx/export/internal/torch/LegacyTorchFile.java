package ai.transonnx.export.internal.torch;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.pickle.Checkpoint;
import ai.transonnx.export.internal.pickle.KnownGlobals;
import ai.transonnx.export.internal.pickle.PickleInput;
import ai.transonnx.export.internal.pickle.PickleReader;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.weights.FileContents;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.MappedFile;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.format.internal.Printable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file format of {@code torch.save} before PyTorch 1.6: five pickles (a magic number, the
 * version, the machine's type sizes, the checkpoint, and the keys of its storages), then each
 * storage: the number of its elements in 8 bytes, and the elements.
 */
public final class LegacyTorchFile {
  /** The pickle instruction that pushes the magic number. */
  private static final byte[] MAGIC = {
    (byte) 0x8a,
    10,
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

  /** The bytes of the protocol version and of a frame's header. */
  private static final int MAX_BYTES_BEFORE_MAGIC = 11;

  private static final long VERSION = 1001;

  private LegacyTorchFile() {}

  /** Whether content begins with a pickle of the magic number. */
  public static boolean matches(Content content, long size) {
    var start = content.slice(0, (int) Math.min(size, MAX_BYTES_BEFORE_MAGIC + MAGIC.length));
    for (int at = 2; at + MAGIC.length <= start.limit(); at++) {
      if (start.slice(at, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Opens and checks a file.
   *
   * @param key the key of the state dict within the checkpoint; empty to search the usual keys
   * @throws InputException if it is missing or unreadable, or is not a whole file of named tensors
   */
  public static WeightFile open(Path path, Optional<String> key) {
    var file = MappedFile.open(path);
    try {
      return TensorFile.of(path, "PyTorch legacy", read(file, key), file::close);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private static FileContents read(MappedFile file, Optional<String> key) {
    var location = Location.of(file.path());
    var input = new PickleInput(file, file.size());
    var plain = KnownGlobals.standard();
    PickleReader.read(location, input, plain);
    if (!(PickleReader.read(location, input, plain) instanceof Int version)
        || version.value() != VERSION) {
      throw location.error("its version of PyTorch's legacy format is not " + VERSION);
    }
    PickleReader.read(location, input, plain);
    var storages = new TorchStorages();
    var checkpoint = PickleReader.read(location, input, TorchGlobals.allowed(storages::load));
    var keys = PickleReader.read(location, input, plain);
    if (!(keys instanceof Sequence list)) {
      throw location.error("the keys of its storages are " + keys.description());
    }
    long position = input.position();
    for (var item : list.items()) {
      String id = PickleValue.text(item).orElse("");
      var storage = storages.byKey().get(id);
      if (storage == null) {
        throw location.error(
            "it has a storage '%s' that no tensor uses".formatted(Printable.of(id)));
      }
      position = locate(file, position, storage, location);
    }
    if (position < file.size()) {
      throw location.error("%s bytes follow its last storage".formatted(file.size() - position));
    }
    return Checkpoint.contents(checkpoint, key, TensorValue::of, location);
  }

  /**
   * Sets the content of a storage that starts at a position, and returns the end of the storage.
   */
  private static long locate(
      MappedFile file, long position, TorchStorage storage, Location location) {
    long left = file.size() - position - Long.BYTES;
    if (left < storage.bytes()) {
      throw location.error(
          "%s needs %s bytes, %s are left; the file is truncated"
              .formatted(storage.description(), storage.bytes(), Math.max(0, left)));
    }
    long count = file.slice(position, Long.BYTES).getLong();
    if (count != storage.count()) {
      throw location.error(
          "%s has the element count %s in the file".formatted(storage.description(), count));
    }
    long start = position + Long.BYTES;
    storage.setContent(file.part(start, storage.bytes()));
    return start + storage.bytes();
  }
}
