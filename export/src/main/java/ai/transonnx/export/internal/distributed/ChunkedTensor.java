package ai.transonnx.export.internal.distributed;

import ai.transonnx.export.internal.distributed.Index.Place;
import ai.transonnx.export.internal.distributed.Index.StoredTensor;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.torch.TorchZipFile;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.TensorData;
import ai.transonnx.export.internal.weights.TiledContent;
import ai.transonnx.export.internal.weights.TiledContent.Tile;
import ai.transonnx.export.internal.zip.PartFiles;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tensor in one or more chunks, whose archives are opened when its data is needed. */
final class ChunkedTensor implements TensorValue {
  private final String name;
  private final StoredTensor stored;
  private final Map<Place, Region> regions;
  private final PartFiles files;
  private @Nullable TensorData data;

  ChunkedTensor(String name, StoredTensor stored, Map<Place, Region> regions, PartFiles files) {
    this.name = name;
    this.stored = stored;
    this.regions = regions;
    this.files = files;
  }

  @Override
  public TensorData data() {
    if (data == null) {
      data = read();
    }
    return data;
  }

  private TensorData read() {
    var chunks = new ArrayList<TensorData>();
    var tiles = new ArrayList<Tile>();
    for (var chunk : stored.chunks()) {
      var read = read(chunk);
      chunks.add(read);
      tiles.add(new Tile(longs(chunk.offsets()), longs(chunk.sizes()), read.content()));
    }
    if (chunks.isEmpty()) {
      throw new PickleException("it has no data");
    }
    var elements = chunks.get(0).elements();
    if (chunks.stream().anyMatch(chunk -> chunk.elements() != elements)) {
      throw new PickleException("its chunks have different types");
    }
    var type = new TensorType(elements, Shape.of(stored.shape()));
    return joined(type, tiles);
  }

  private TensorData joined(TensorType type, List<Tile> tiles) {
    try {
      long bytes = Math.multiplyExact(type.shape().elements(), (long) type.elements().bytes());
      return new TensorData(
          type,
          bytes == 0
              ? tiles.get(0).content()
              : TiledContent.of(stored.shape(), type.elements().bytes(), tiles));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new PickleException("its chunks do not cover it: " + e.getMessage());
    }
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private TensorData read(Chunk chunk) {
    var region = regions.get(new Place(name, chunk.offsets()));
    if (region == null) {
      throw new PickleException("its chunk at %s is not stored".formatted(chunk.offsets()));
    }
    if (region.isTransformed()) {
      throw new PickleException("its data is compressed by an extension of PyTorch");
    }
    var file = files.file(region.file());
    if (region.length() > file.size() || region.offset() > file.size() - region.length()) {
      throw new PickleException(
          "its chunk ends at byte %s of %s, which has %s; the file is truncated"
              .formatted(
                  region.offset() + region.length(), Printable.of(region.file()), file.size()));
    }
    var location = new Location(file.path(), name);
    var archive =
        files.archive(file.part(region.offset(), region.length()), region.length(), location);
    if (TorchZipFile.pickle(archive).isEmpty()
        || archive.entries().values().stream().anyMatch(entry -> entry.isDeflated())) {
      throw new PickleException("its chunk at %s is not an archive of PyTorch".formatted(chunk));
    }
    var tensor =
        TensorValue.of(TorchZipFile.saved(archive))
            .orElseThrow(() -> new PickleException("its chunk is not a tensor"))
            .data();
    if (!Arrays.equals(tensor.shape().sizes(), longs(chunk.sizes()))) {
      throw new PickleException(
          "its chunk at %s has shape %s in the file, and %s in the metadata"
              .formatted(chunk.offsets(), tensor.shape(), chunk.sizes()));
    }
    if (tensor.content().repeatedBytes() > 0) {
      throw new PickleException("its chunk is expanded from fewer elements");
    }
    return tensor;
  }

  @Override
  public String description() {
    return "a tensor of shape " + Shape.of(stored.shape());
  }
}
