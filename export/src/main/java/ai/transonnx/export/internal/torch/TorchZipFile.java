package ai.transonnx.export.internal.torch;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.pickle.PickleInput;
import ai.transonnx.export.internal.pickle.PickleReader;
import ai.transonnx.export.internal.pickle.StateDict;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.weights.BigEndianContent;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.internal.zip.ZipArchive;
import ai.transonnx.export.internal.zip.ZipEntry;
import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.format.internal.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What {@code torch.save} writes since PyTorch 1.6: a zip archive of a pickle, {@code data.pkl},
 * and an entry for each storage, {@code data/KEY}, all in one folder.
 */
public final class TorchZipFile {
  private static final String PICKLE = "data.pkl";
  private static final String BYTE_ORDER = "byteorder";
  private static final int LONGEST_BYTE_ORDER = 16;

  /** PyTorch deflates nothing, and tensors are never in the pickle. */
  private static final long MAX_DEFLATED_PICKLE = 256L << 20;

  private TorchZipFile() {}

  /** The archive's pickle, if it has one in the place where PyTorch has it. */
  public static Optional<ZipEntry> pickle(ZipArchive archive) {
    return archive.entries().values().stream()
        .filter(entry -> entry.name().equals(PICKLE) || entry.name().endsWith("/" + PICKLE))
        .filter(entry -> entry.name().indexOf('/') == entry.name().lastIndexOf('/'))
        .findFirst();
  }

  /**
   * Opens and checks an archive.
   *
   * @param archive one with a {@link #pickle}; the file closes it
   * @param key of the state dict within the checkpoint, if it is not one of the usual
   * @throws InputException if it is not a pickle of named tensors, or lacks the data of one
   */
  public static WeightFile open(ZipArchive archive, Optional<String> key) {
    var entry = pickle(archive).orElseThrow();
    String name = entry.name();
    String folder = name.substring(0, name.length() - PICKLE.length());
    var location = archive.location().in(name);
    if (archive.entries().containsKey(folder + "constants.pkl")) {
      throw archive.location().error("a TorchScript program; save the model's state dict instead");
    }
    if (entry.isDeflated() && entry.bytes() > MAX_DEFLATED_PICKLE) {
      throw location.error(
          "it is deflated and takes %s bytes; store it, or save the state dict alone"
              .formatted(entry.bytes()));
    }
    var storages = new StorageIds();
    var input = new PickleInput(archive.content(entry), entry.bytes());
    var vocabulary = TorchNames.vocabulary(storages::storage);
    var checkpoint = PickleReader.read(location, input, vocabulary);
    boolean isBigEndian = isBigEndian(archive, folder);
    storages
        .storages()
        .forEach(
            (id, storage) -> {
              var bytes = bytes(archive, folder + "data/" + id, storage, location);
              storage.lieIn(
                  isBigEndian ? BigEndianContent.of(bytes, storage.elements().bytes()) : bytes);
            });
    var state = StateDict.of(checkpoint, key, TensorValue::of, location);
    return TensorFile.of(
        archive.location().file(),
        "PyTorch zip",
        state.tensors(),
        state.metadata(),
        archive::close);
  }

  private static Content bytes(
      ZipArchive archive, String name, TorchStorage storage, Location location) {
    var entry = archive.entries().get(name);
    if (entry == null) {
      throw location.error("its storage '%s' is not in the archive".formatted(Printable.of(name)));
    }
    if (entry.bytes() != storage.bytes()) {
      throw location.error(
          "%s takes %s bytes, but its entry '%s' has %s"
              .formatted(storage.kind(), storage.bytes(), Printable.of(name), entry.bytes()));
    }
    return archive.content(entry);
  }

  /** Files from before 2.1 do not say; those were little-endian but on rare machines. */
  private static boolean isBigEndian(ZipArchive archive, String folder) {
    var entry = archive.entries().get(folder + BYTE_ORDER);
    String order = entry == null ? "little" : text(archive, entry);
    return switch (order) {
      case "little" -> false;
      case "big" -> true;
      default ->
          throw archive
              .location()
              .in(folder + BYTE_ORDER)
              .error(
                  "the order of bytes is 'little' or 'big', not '%s'"
                      .formatted(Printable.of(order)));
    };
  }

  private static String text(ZipArchive archive, ZipEntry entry) {
    try (var stream = archive.stream(entry)) {
      return new String(stream.readNBytes(LONGEST_BYTE_ORDER), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw archive.location().in(entry.name()).failed("cannot be read", e);
    }
  }
}
