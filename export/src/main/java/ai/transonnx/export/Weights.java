package ai.transonnx.export;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.deepspeed.ZeroFolder;
import ai.transonnx.export.internal.distributed.DistributedFolder;
import ai.transonnx.export.internal.folder.Partitions;
import ai.transonnx.export.internal.folder.WeightFolder;
import ai.transonnx.export.internal.numpy.NpzFile;
import ai.transonnx.export.internal.paddle.PaddleFile;
import ai.transonnx.export.internal.safetensors.SafetensorsFile;
import ai.transonnx.export.internal.sharded.DividedShards;
import ai.transonnx.export.internal.sharded.ShardedFile;
import ai.transonnx.export.internal.torch.LegacyTorchFile;
import ai.transonnx.export.internal.torch.TorchZipFile;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.MappedFile;
import ai.transonnx.export.internal.zip.ZipArchive;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.format.internal.file.FailedDownload;
import ai.transonnx.format.internal.file.PlainFolder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Opens weight files.
 *
 * <p>Its methods are thread-safe.
 */
public final class Weights {
  private Weights() {}

  /**
   * Opens a weight file, or the only one in a folder. The format is detected from the content.
   *
   * @throws InputException if the file is missing or unreadable, or not a valid file of a format
   *     that this project supports: safetensors and PyTorch, single or sharded with an index;
   *     PyTorch from before 1.6; NumPy npz; Paddle pdparams; distributed checkpoints of PyTorch and
   *     DeepSpeed. Or if a folder has several weight files, or none
   */
  public static WeightFile open(Path path) {
    return open(path, Optional.empty());
  }

  /**
   * Opens a weight file whose state dict is under a key.
   *
   * @throws InputException as {@link #open(Path)}, or if there is no such key
   */
  public static WeightFile open(Path path, String key) {
    return open(path, Optional.of(key));
  }

  /**
   * Whether a path is that of a folder, or the first bytes of the file are those of a supported
   * weight format.
   */
  public static boolean looksLikeWeights(Path path) {
    return PlainFolder.matches(path) || WeightFormat.of(path).isPresent();
  }

  private static WeightFile open(Path path, Optional<String> key) {
    var found = PlainFolder.matches(path) ? WeightFolder.weights(path) : path;
    var partitions = WeightFolder.partitions(found);
    return partitions.isPresent() ? open(found, partitions.get(), key) : openFile(found, key);
  }

  private static WeightFile open(Path folder, Partitions format, Optional<String> key) {
    return switch (format) {
      case DISTRIBUTED_CHECKPOINT -> DistributedFolder.open(folder, key);
      case DEEPSPEED -> {
        refuse(folder, key);
        yield ZeroFolder.open(folder, WeightFolder.names(folder));
      }
      case SAFETENSORS -> {
        refuse(folder, key);
        var shards = WeightFolder.names(folder).stream().filter(format::hasFile).toList();
        yield DividedShards.open(folder, shards, SafetensorsFile::open);
      }
    };
  }

  private static WeightFile openFile(Path path, Optional<String> key) {
    var format =
        WeightFormat.of(path)
            .orElseThrow(
                () ->
                    Location.of(path)
                        .error(
                            FailedDownload.describe(path)
                                .orElse(
                                    "not a weight file of a supported format: safetensors, an index"
                                        + " of shards, PyTorch, NumPy npz or Paddle pdparams")));
    if (!format.hasKeys()) {
      refuse(path, key);
    }
    return switch (format) {
      case SAFETENSORS -> SafetensorsFile.open(path);
      case INDEX -> ShardedFile.open(path, Weights::shard);
      case ZIP -> archive(path, key);
      case LEGACY_TORCH -> LegacyTorchFile.open(path, key);
      case PICKLE -> PaddleFile.open(path, key);
    };
  }

  private static void refuse(Path path, Optional<String> key) {
    if (key.isPresent()) {
      throw Location.of(path)
          .error("the key '%s' is specified, but this format has no keys".formatted(key.get()));
    }
  }

  private static WeightFile shard(Path path) {
    if (WeightFormat.of(path).equals(Optional.of(WeightFormat.INDEX))) {
      throw new InputException(path + ": a shard cannot be an index of shards");
    }
    return openFile(path, Optional.empty());
  }

  private static WeightFile archive(Path path, Optional<String> key) {
    var file = MappedFile.open(path);
    try {
      var archive = new ZipArchive(file);
      if (TorchZipFile.pickle(archive).isPresent()) {
        return TorchZipFile.open(archive, key);
      }
      if (NpzFile.matches(archive)) {
        refuse(path, key);
        return NpzFile.open(archive);
      }
      throw archive
          .location()
          .error(
              "this zip archive is neither a PyTorch file, with a data.pkl, nor a NumPy file, with"
                  + " .npy entries");
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }
}
