package ai.transonnx.export.internal.sharded;

import ai.transonnx.InputException;
import ai.transonnx.config.ConfigException;
import ai.transonnx.export.internal.weights.FileContents;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.internal.weights.TiledContent;
import ai.transonnx.export.internal.weights.TiledContent.Tile;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The safetensors files of PyTorch's {@code HuggingFaceStorageWriter}, one or more of each process,
 * before they are consolidated. The metadata of each has the positions of its parts in their
 * tensors.
 */
public final class DividedShards {
  private static final int MAX_SHARDS = 10_000;

  /** A tree takes up to 16 times as much memory as its text. */
  private static final int MAX_POSITIONS = 4 << 20;

  private static final String POSITIONS = "DCP_SHARDING_INFO";
  private static final String OFFSETS = "saved_offsets";

  /** A part of a tensor with its position. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(WeightTensor tensor, long[] offsets) {}

  private DividedShards() {}

  /**
   * Opens all files of a checkpoint.
   *
   * @param names the names of the files
   * @param opener opens one
   * @throws InputException if one is missing, unreadable or not valid, or the parts do not fit
   *     together
   */
  public static WeightFile open(
      Path folder, List<String> names, Function<Path, WeightFile> opener) {
    var location = Location.of(folder);
    if (names.size() > MAX_SHARDS) {
      throw location.error("it has more than %s shards".formatted(MAX_SHARDS));
    }
    var shards = new ArrayList<WeightFile>();
    Runnable closeAll = () -> shards.forEach(WeightFile::close);
    try {
      var parts = new LinkedHashMap<String, List<Part>>();
      var budget = MetadataBudget.ofHeap(location);
      for (var name : names) {
        var shard = opener.apply(folder.resolve(name));
        shards.add(shard);
        budget.add(shard);
        addParts(shard, parts);
      }
      var tensors = new LinkedHashMap<String, WeightTensor>();
      parts.forEach((name, all) -> tensors.put(name, joined(name, all, location)));
      var set = new WeightSet("", tensors, Map.of());
      return new TensorFile(
          folder,
          shards.stream().map(WeightFile::path).toList(),
          "%s divided shards of safetensors".formatted(shards.size()),
          FileContents.of(set, new TreeMap<>()),
          closeAll::run);
    } catch (Throwable e) {
      closeAll.run();
      throw e;
    }
  }

  private static void addParts(WeightFile shard, Map<String, List<Part>> parts) {
    var positions = positions(shard);
    for (var tensor : shard.tensors().values()) {
      var offsets = positions.path(tensor.name()).path(OFFSETS);
      if (offsets.size() != tensor.shape().rank()) {
        throw invalid(shard, tensor);
      }
      var position = new long[offsets.size()];
      for (int axis = 0; axis < position.length; axis++) {
        var offset = offsets.path(axis);
        position[axis] = offset.isIntegralNumber() ? offset.asLong() : -1;
        if (position[axis] < 0) {
          throw invalid(shard, tensor);
        }
      }
      parts
          .computeIfAbsent(tensor.name(), name -> new ArrayList<>())
          .add(new Part(tensor, position));
    }
  }

  private static JsonNode positions(WeightFile shard) {
    var text = shard.metadata().getOrDefault(POSITIONS, "{}");
    if (text.length() > MAX_POSITIONS) {
      throw shard.error(
          "the metadata '%s' has more than %s characters".formatted(POSITIONS, MAX_POSITIONS));
    }
    try {
      return Json.parse(text);
    } catch (ConfigException e) {
      throw new InputException("%s: %s: %s".formatted(shard.path(), POSITIONS, e.getMessage()), e);
    }
  }

  private static InputException invalid(WeightFile shard, WeightTensor tensor) {
    return shard.error(
        "the metadata '%s' has no valid '%s' of tensor '%s'"
            .formatted(POSITIONS, OFFSETS, Printable.of(tensor.name())));
  }

  private static WeightTensor joined(String name, List<Part> parts, Location location) {
    var elements = parts.get(0).tensor().elements();
    var sizes = new long[parts.get(0).offsets().length];
    var tiles = new ArrayList<Tile>();
    try {
      for (var part : parts) {
        var tensor = part.tensor();
        if (tensor.elements() != elements || part.offsets().length != sizes.length) {
          throw new IllegalArgumentException("they have different types or ranks");
        }
        for (int axis = 0; axis < sizes.length; axis++) {
          long end = Math.addExact(part.offsets()[axis], tensor.shape().sizes()[axis]);
          sizes[axis] = Math.max(sizes[axis], end);
        }
        if (tensor.shape().elements() > 0 || parts.size() == 1) {
          tiles.add(new Tile(part.offsets(), tensor.shape().sizes(), tensor.content()));
        }
      }
      var type = new TensorType(elements, Shape.of(sizes));
      long bytes = Math.multiplyExact(type.shape().elements(), (long) elements.bytes());
      var content =
          bytes == 0
              ? parts.get(0).tensor().content()
              : TiledContent.of(sizes, elements.bytes(), tiles);
      return new WeightTensor(name, type, content);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw location.error(
          "the parts of tensor '%s' do not fit together: %s"
              .formatted(Printable.of(name), e.getMessage()));
    }
  }
}
