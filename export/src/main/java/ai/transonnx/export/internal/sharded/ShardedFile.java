package ai.transonnx.export.internal.sharded;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Aliases;
import ai.transonnx.export.internal.weights.FileContents;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.PlainName;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Weights in several files, the shards, with an index ({@code model.safetensors.index.json}). The
 * index's {@code weight_map} maps each tensor to the name of a shard in the same directory. The
 * metadata of the index and of the shards may map further names of shared tensors to these.
 */
public final class ShardedFile {
  private static final int MAX_SHARDS = 10_000;
  private static final String MAP = "weight_map";

  private ShardedFile() {}

  /** The opened shards. */
  private record Shards(Collection<WeightFile> files) implements TensorFile.Resource {
    @Override
    public void close() {
      files.forEach(WeightFile::close);
    }

    @Override
    public boolean verifyChecksums() {
      files.forEach(WeightFile::verifyChecksums);
      return true;
    }
  }

  /**
   * Opens an index and all its shards, which must have exactly the tensors of the index.
   *
   * @param opener opens a shard
   * @throws InputException if the index or a shard is missing, unreadable or not valid, or they
   *     disagree
   */
  public static WeightFile open(Path path, Function<Path, WeightFile> opener) {
    return open(path, opener, Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * Opens an index and all its shards.
   *
   * @param heap the bytes that the metadata of all shards may take
   */
  static WeightFile open(Path path, Function<Path, WeightFile> opener, long heap) {
    var location = Location.of(path);
    var budget = new MetadataBudget(location, heap);
    var index = Json.read(path);
    var map = map(index, location);
    var shards = new TreeMap<String, WeightFile>();
    try {
      for (var names : namesByShard(map).entrySet()) {
        var shard = opener.apply(path.resolveSibling(names.getKey()));
        shards.put(names.getKey(), shard);
        checkNames(shard, names.getKey(), names.getValue(), location);
        budget.add(shard);
      }
      var tensors = tensors(map, shards);
      var metadata = metadata(index);
      shards.values().forEach(shard -> Aliases.add(tensors, shard.metadata()));
      Aliases.add(tensors, metadata);
      var files = new ArrayList<>(List.of(path));
      shards.values().forEach(shard -> files.addAll(shard.files()));
      String format =
          "%s shards of %s".formatted(shards.size(), shards.firstEntry().getValue().format());
      var contents = FileContents.of(new WeightSet("", tensors, unusable(shards)), metadata);
      return new TensorFile(path, files, format, contents, new Shards(shards.values()));
    } catch (Throwable e) {
      new Shards(shards.values()).close();
      throw e;
    }
  }

  private static Map<String, String> map(JsonNode index, Location location) {
    var shards = new LinkedHashMap<String, String>();
    for (var entry : index.path(MAP).properties()) {
      String file = entry.getValue().asText();
      if (!entry.getValue().isTextual() || !PlainName.matches(file)) {
        throw location.error(
            "%s: the shard of '%s' must be the name of a file beside the index, got %s"
                .formatted(
                    MAP, Printable.of(entry.getKey()), Printable.of(entry.getValue().toString())));
      }
      shards.put(entry.getKey(), file);
    }
    if (shards.isEmpty()) {
      throw location.error(
          "it is JSON, but no index of shards: it has no '%s' from tensors to files; give the checkpoint itself"
              .formatted(MAP));
    }
    long count = shards.values().stream().distinct().count();
    if (count > MAX_SHARDS) {
      throw location.error(
          "%s: it names %s shards, at most %s are allowed".formatted(MAP, count, MAX_SHARDS));
    }
    return shards;
  }

  private static Map<String, Set<String>> namesByShard(Map<String, String> map) {
    var names = new LinkedHashMap<String, Set<String>>();
    map.forEach((name, file) -> names.computeIfAbsent(file, f -> new LinkedHashSet<>()).add(name));
    return names;
  }

  /** Checks a shard before the next is opened, so that the index bounds the number of tensors. */
  private static void checkNames(
      WeightFile shard, String file, Set<String> names, Location location) {
    for (var name : names) {
      if (!shard.tensors().containsKey(name) && !shard.unusable().containsKey(name)) {
        throw location.error(
            "%s: shard '%s' has no tensor '%s'".formatted(MAP, file, Printable.of(name)));
      }
    }
    for (var name : shard.tensors().keySet()) {
      if (!names.contains(name) && !shard.metadata().containsKey(name)) {
        throw location.error(
            "%s: tensor '%s' of shard '%s' is not in the index"
                .formatted(MAP, Printable.of(name), file));
      }
    }
  }

  private static Map<String, WeightTensor> tensors(
      Map<String, String> map, Map<String, WeightFile> shards) {
    var tensors = new LinkedHashMap<String, WeightTensor>();
    map.forEach(
        (name, file) -> {
          var tensor = Objects.requireNonNull(shards.get(file)).tensors().get(name);
          if (tensor != null) {
            tensors.put(name, tensor);
          }
        });
    return tensors;
  }

  private static Map<String, String> unusable(Map<String, WeightFile> shards) {
    var unusable = new LinkedHashMap<String, String>();
    shards.values().forEach(shard -> unusable.putAll(shard.unusable()));
    return unusable;
  }

  private static SortedMap<String, String> metadata(JsonNode index) {
    var metadata = new TreeMap<String, String>();
    for (var entry : index.path("metadata").properties()) {
      if (entry.getValue().isValueNode()) {
        metadata.put(Printable.of(entry.getKey()), Printable.of(entry.getValue().asText()));
      }
    }
    return metadata;
  }
}
