package ai.transonnx.export.internal.torch;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.pickle.Checkpoint;
import ai.transonnx.export.internal.pickle.PickleInput;
import ai.transonnx.export.internal.pickle.PickleReader;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.weights.BigEndianContent;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.internal.zip.ZipArchive;
import ai.transonnx.export.internal.zip.ZipEntry;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.format.internal.Printable;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The file format of {@code torch.save} since PyTorch 1.6: a zip archive with one folder that has a
 * pickle, {@code data.pkl}, and an entry for each storage, {@code data/KEY}.
 */
public final class TorchZipFile {
  private static final String PICKLE = "data.pkl";
  private static final String BYTE_ORDER = "byteorder";
  private static final int LONGEST_BYTE_ORDER = 16;

  /** PyTorch itself compresses nothing, and the pickle has no tensor data. */
  private static final long MAX_DEFLATED_PICKLE = 256L << 20;

  private TorchZipFile() {}

  /** The archive's pickle, if it has one at the top level or in a top-level folder. */
  public static Optional<ZipEntry> pickle(ZipArchive archive) {
    return archive.entries().values().stream()
        .filter(entry -> entry.name().equals(PICKLE) || entry.name().endsWith("/" + PICKLE))
        .filter(entry -> entry.name().indexOf('/') == entry.name().lastIndexOf('/'))
        .findFirst();
  }

  /**
   * Opens and checks an archive.
   *
   * @param archive an archive with a {@link #pickle}; closing the file closes it
   * @param key the key of the state dict within the checkpoint; empty to search the usual keys
   * @throws InputException if it is not a pickle of named tensors, or the data of one is missing
   */
  public static WeightFile open(ZipArchive archive, Optional<String> key) {
    var saved = saved(archive);
    var location = archive.location().in(pickle(archive).orElseThrow().name());
    var contents = Checkpoint.contents(saved, key, TensorValue::of, location);
    return TensorFile.of(archive.location().file(), "PyTorch zip", contents, archive);
  }

  /**
   * The object that was saved.
   *
   * @param archive an archive with a {@link #pickle}
   * @throws InputException if the pickle is not valid
   */
  public static PickleValue saved(ZipArchive archive) {
    var entry = pickle(archive).orElseThrow();
    String name = entry.name();
    String folder = name.substring(0, name.length() - PICKLE.length());
    var location = archive.location().in(name);
    if (archive.entries().containsKey(folder + "constants.pkl")) {
      throw archive
          .location()
          .error("this is a TorchScript program; save the model's state dict instead");
    }
    if (entry.isDeflated() && entry.bytes() > MAX_DEFLATED_PICKLE) {
      throw location.error(
          "it is compressed and has %s bytes; store it uncompressed, or save the state dict alone"
              .formatted(entry.bytes()));
    }
    var storages = new TorchStorages();
    var input = new PickleInput(archive.content(entry), entry.bytes());
    var globals = TorchGlobals.allowed(storages::load);
    var saved = PickleReader.read(location, input, globals);
    var order = byteOrder(archive, folder);
    storages
        .byKey()
        .forEach((id, storage) -> locate(archive, folder + "data/" + id, storage, order));
    return saved;
  }

  /** Sets the content of a storage, which is the entry of a given name. */
  private static void locate(
      ZipArchive archive, String name, TorchStorage storage, ByteOrder order) {
    var entry = archive.entries().get(name);
    if (entry == null) {
      storage.setProblem("its storage '%s' is not in the archive".formatted(Printable.of(name)));
    } else if (entry.bytes() != storage.bytes()) {
      storage.setProblem(
          "%s takes %s bytes, but its entry '%s' has %s"
              .formatted(
                  storage.description(), storage.bytes(), Printable.of(name), entry.bytes()));
    } else {
      var bytes = archive.content(entry);
      storage.setContent(
          order == ByteOrder.BIG_ENDIAN
              ? BigEndianContent.of(bytes, storage.type().elementBytes())
              : bytes);
    }
  }

  /** PyTorch before 2.1 wrote no byte order; such files are taken as little-endian. */
  private static ByteOrder byteOrder(ZipArchive archive, String folder) {
    var entry = archive.entries().get(folder + BYTE_ORDER);
    String order = entry == null ? "little" : text(archive, entry);
    return switch (order) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default ->
          throw archive
              .location()
              .in(folder + BYTE_ORDER)
              .error(
                  "the byte order must be 'little' or 'big', got '%s'"
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
