package ai.transonnx.export.internal.folder;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.format.internal.file.PlainFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the weights in a folder that a trainer, or a download from a model hub, has written. */
public final class WeightFolder {
  /** DeepSpeed's name for the file that names its newest checkpoint. */
  private static final String NEWEST = "latest";

  private static final int LONGEST_NAME = 255;
  private static final int MAX_FOLDERS = 1000;
  private static final int MAX_LISTED = 10;

  private final Path folder;
  private final Location location;
  private final List<String> names;

  private WeightFolder(Path folder) {
    this.folder = folder;
    this.location = Location.of(folder);
    this.names = names(folder);
  }

  /**
   * Finds the weights in a folder.
   *
   * @return a weight file, or a folder of {@link #partitions}
   * @throws InputException if the folder has no weights, or several
   */
  public static Path weights(Path folder) {
    return new WeightFolder(folder).weights();
  }

  /**
   * The format of a folder in which tensors are divided among several files.
   *
   * @return empty if the path is not that of such a folder
   * @throws InputException if the folder cannot be listed
   */
  public static Optional<Partitions> partitions(Path path) {
    return PlainFolder.matches(path) ? Partitions.of(names(path)) : Optional.empty();
  }

  /**
   * The names of everything in a folder, sorted.
   *
   * @throws InputException if the folder cannot be listed
   */
  public static List<String> names(Path folder) {
    try {
      return PlainFolder.names(folder);
    } catch (IOException e) {
      throw new InputException(folder + ": " + FileErrors.unreadable(e), e);
    }
  }

  private Path weights() {
    if (Partitions.of(names).isPresent()) {
      return wholeModel().orElse(folder);
    }
    var found = new ArrayList<>(ofKind(FileKind.WEIGHTS));
    found.addAll(folders());
    var shards = ofKind(FileKind.SHARD);
    var parts = ofKind(FileKind.PROCESS_PART);
    if (shards.size() == 1 && found.isEmpty()) {
      found.addAll(shards);
    }
    if (parts.size() == 1) {
      found.addAll(parts);
    }
    if (found.size() == 1) {
      return folder.resolve(found.get(0));
    }
    if (found.size() > 1) {
      throw location.error(
          "this folder has several weight files; specify one of them instead: " + listed(found));
    }
    throw location.error(missing(shards, parts));
  }

  /** The file that DeepSpeed writes if it divides nothing, or that is left without the others. */
  private Optional<Path> wholeModel() {
    var states = names.stream().filter(name -> name.endsWith("_states.pt")).toList();
    return states.equals(List.of("mp_rank_00_model_states.pt"))
        ? Optional.of(folder.resolve(states.get(0)))
        : Optional.empty();
  }

  private static String missing(List<String> shards, List<String> parts) {
    if (!parts.isEmpty()) {
      return "each of these files has the tensors of one process: %s; save the full state dict, or a distributed checkpoint (torch.distributed.checkpoint.save)"
          .formatted(listed(parts));
    }
    if (!shards.isEmpty()) {
      return "these are shards without their index: %s; add the file whose name ends with .index.json"
          .formatted(listed(shards));
    }
    return "this folder has no weights; expected a file such as model.safetensors,"
        + " pytorch_model.bin or model.safetensors.index.json";
  }

  private List<String> ofKind(FileKind kind) {
    return names.stream()
        .filter(name -> FileKind.of(name) == kind && !PlainFolder.matches(folder.resolve(name)))
        .toList();
  }

  /** The folders in this one that have a distributed checkpoint. */
  private List<String> folders() {
    var newest = newest();
    if (newest.isPresent()) {
      return List.of(newest.get());
    }
    return names.stream()
        .filter(name -> !name.startsWith("optimizer") && PlainFolder.matches(folder.resolve(name)))
        .limit(MAX_FOLDERS)
        .filter(this::hasPartitions)
        .toList();
  }

  private boolean hasPartitions(String name) {
    try {
      return Partitions.of(PlainFolder.names(folder.resolve(name))).isPresent();
    } catch (IOException e) {
      return false; // Another user's folder, which is not the weights.
    }
  }

  /** The newest of DeepSpeed's checkpoints. */
  private Optional<String> newest() {
    if (!names.contains(NEWEST)) {
      return Optional.empty();
    }
    try (var file = PlainFile.stream(folder.resolve(NEWEST))) {
      var name = new String(file.readNBytes(LONGEST_NAME), StandardCharsets.UTF_8).strip();
      return names.contains(name) && hasPartitions(name) ? Optional.of(name) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // It is not DeepSpeed's.
    }
  }

  private static String listed(List<String> names) {
    var shown =
        names.stream().limit(MAX_LISTED).map(Printable::of).collect(Collectors.joining(", "));
    return names.size() <= MAX_LISTED
        ? shown
        : "%s and %s more".formatted(shown, names.size() - MAX_LISTED);
  }
}
