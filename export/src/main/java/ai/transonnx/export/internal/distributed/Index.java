package ai.transonnx.export.internal.distributed;

import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.Attributes;
import ai.transonnx.export.internal.pickle.Instance;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of {@code .metadata}: an object of {@code torch.distributed.checkpoint.metadata}'s
 * class {@code Metadata}.
 *
 * @param tensors the tensors by name, which is the path of their keys, joined with dots
 * @param paths for each name the keys that lead to the value in the saved dictionary; none if the
 *     checkpoint does not record them
 * @param regions where each chunk is stored
 */
record Index(
    Map<String, StoredTensor> tensors,
    Map<String, List<PickleValue>> paths,
    Map<Place, Region> regions) {

  /** A tensor in its chunks. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record StoredTensor(long[] shape, List<Chunk> chunks) {}

  /** A chunk of a tensor. */
  record Place(String tensor, List<Long> offsets) {}

  /**
   * Reads the object.
   *
   * @throws PickleException if it is not valid
   */
  static Index of(PickleValue value) {
    var metadata = Attributes.of("the metadata", value);
    var regions = regions(metadata.get("storage_data"));
    checkOverlaps(regions.values());
    return new Index(
        tensors(metadata.entries("state_dict_metadata")),
        paths(metadata.find("planner_data")),
        regions);
  }

  /** Far more than a pickle without shared lists has. */
  private static final int MAX_CHUNKS = 100_000;

  private static final int MAX_DEPTH = 16;

  private static Map<String, StoredTensor> tensors(Attributes entries) {
    long[] left = {MAX_CHUNKS};
    var tensors = new LinkedHashMap<String, StoredTensor>();
    entries
        .values()
        .forEach(
            (name, value) -> {
              if (typeName(value).endsWith(".TensorStorageMetadata")) {
                tensors.put(name, tensor(Attributes.of("a tensor", value), left));
              }
            });
    return tensors;
  }

  private static String typeName(PickleValue value) {
    return value instanceof Instance object ? object.typeName() : "";
  }

  private static StoredTensor tensor(Attributes tensor, long[] left) {
    if (!(tensor.get("chunks") instanceof Sequence list)) {
      throw new PickleException("the chunks of a tensor are no list");
    }
    left[0] -= list.items().size();
    if (left[0] < 0) {
      throw new PickleException("it has more than %s chunks".formatted(MAX_CHUNKS));
    }
    var shape = tensor.sizes("size");
    var chunks = new LinkedHashMap<List<Long>, Chunk>();
    for (var item : list.items()) {
      var chunk = Attributes.of("a chunk", item);
      var offsets = chunk.sizes("offsets");
      var sizes = chunk.sizes("sizes");
      if (offsets.length != shape.length || sizes.length != shape.length) {
        throw new PickleException(
            "a tensor of shape %s has a chunk of another rank".formatted(Arrays.toString(shape)));
      }
      var known = new Chunk(offsets, sizes);
      if (!known.isEmpty() || list.items().size() == 1) {
        if (chunks.put(known.offsets(), known) != null) {
          throw new PickleException("a tensor has two chunks at " + known.offsets());
        }
      }
    }
    return new StoredTensor(shape, List.copyOf(chunks.values()));
  }

  private static Map<String, List<PickleValue>> paths(Optional<PickleValue> recorded) {
    var paths = new HashMap<String, List<PickleValue>>();
    if (recorded.isPresent() && recorded.get() instanceof Mapping) {
      Attributes.ofAll("the paths", recorded.get())
          .values()
          .forEach(
              (name, path) -> {
                if (path instanceof Tuple keys
                    && !keys.items().isEmpty()
                    && keys.items().size() <= MAX_DEPTH
                    && keys.items().stream().allMatch(Index::isKey)) {
                  paths.put(name, keys.items());
                }
              });
    }
    return paths;
  }

  /**
   * Paths are compared, which takes no more time than their file allows only without containers.
   */
  private static boolean isKey(PickleValue value) {
    return value instanceof Text || value instanceof Int;
  }

  private static Map<Place, Region> regions(PickleValue stored) {
    if (!(stored instanceof Mapping mapping)) {
      throw new PickleException("it does not tell where its tensors are stored");
    }
    var regions = new HashMap<Place, Region>();
    for (var entry : mapping.entries()) {
      var key = Attributes.of("a key", entry.key());
      var offsets = key.find("offset");
      if (offsets.isPresent()) {
        var sizes = new Arguments("a key", List.of(offsets.get())).sizes(0, "offset");
        var place = new Place(key.text("fqn"), Arrays.stream(sizes).boxed().toList());
        regions.put(place, region(Attributes.of("a stored chunk", entry.value())));
      }
    }
    return regions;
  }

  private static Region region(Attributes stored) {
    return new Region(
        stored.text("relative_path"),
        stored.size("offset"),
        stored.size("length"),
        stored.find("transform_descriptors").isPresent());
  }

  /** Without overlaps, all archives together are as long as their files. */
  private static void checkOverlaps(Iterable<Region> regions) {
    var sorted = new ArrayList<Region>();
    regions.forEach(sorted::add);
    sorted.sort(Comparator.comparing(Region::file).thenComparing(Region::offset));
    for (int i = 1; i < sorted.size(); i++) {
      var before = sorted.get(i - 1);
      var region = sorted.get(i);
      if (before.file().equals(region.file())
          && region.offset() - before.offset() < before.length()) {
        throw new PickleException(
            "two chunks overlap at byte %s of a file".formatted(region.offset()));
      }
    }
  }
}
