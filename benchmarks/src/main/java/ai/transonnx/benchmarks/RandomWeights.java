package ai.transonnx.benchmarks;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.registry.Architectures;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes random weights for measurements: {@code RandomWeights LIBRARY CONFIG.json
 * OUT.safetensors}, or {@code ... OUT.safetensors.index.json SHARDS} for an index with shards.
 */
public final class RandomWeights {
  /** A uniform distribution from minus this to this has a standard deviation of 1. */
  private static final double SPREAD = Math.sqrt(3);

  private RandomWeights() {}

  /** Writes the weights that a configuration needs. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3 && args.length != 4) {
      throw new IllegalArgumentException("LIBRARY CONFIG.json OUT.safetensors [SHARDS]");
    }
    var config = Files.readString(Path.of(args[1]));
    var architecture = Architectures.of(Library.of(args[0]), config);
    if (args.length == 3) {
      write(architecture, Path.of(args[2]));
    } else {
      writeShards(shapes(architecture), Path.of(args[2]), Integer.parseInt(args[3]));
    }
  }

  static void write(Architecture architecture, Path file) throws IOException {
    write(architecture.build(GraphRequest.main()), file);
  }

  static void write(Model model, Path file) throws IOException {
    write(shapes(model), file);
  }

  private static SortedMap<String, Shape> shapes(Architecture architecture) {
    return shapes(architecture.build(GraphRequest.main()));
  }

  private static SortedMap<String, Shape> shapes(Model model) {
    var shapes = new TreeMap<String, Shape>();
    for (var parameter : model.graph().parameters()) {
      collect(parameter.source(), shapes);
    }
    return shapes;
  }

  /** Writes shards of similar size, and their index. */
  private static void writeShards(SortedMap<String, Shape> shapes, Path index, int count)
      throws IOException {
    long total = shapes.values().stream().mapToLong(Shape::elements).sum();
    var map = new TreeMap<String, String>();
    var shard = new TreeMap<String, Shape>();
    long done = 0;
    int number = 0;
    for (var entry : shapes.entrySet()) {
      shard.put(entry.getKey(), entry.getValue());
      done += entry.getValue().elements();
      boolean isLast = entry.getKey().equals(shapes.lastKey());
      if (isLast || done > total * (number + 1) / count) {
        String name = String.format(Locale.ROOT, "shard-%05d.safetensors", ++number);
        shard.keySet().forEach(tensor -> map.put(tensor, name));
        write(shard, index.resolveSibling(name));
        shard.clear();
      }
    }
    Files.writeString(
        index,
        map.entrySet().stream()
            .map(e -> "\"%s\": \"%s\"".formatted(e.getKey(), e.getValue()))
            .collect(Collectors.joining(",\n", "{\"weight_map\": {\n", "}}\n")));
  }

  private static void write(SortedMap<String, Shape> shapes, Path file) throws IOException {
    var random = new SplittableRandom(7);
    try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      var header = header(shapes).getBytes(StandardCharsets.UTF_8);
      var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putLong(header.length).array());
      out.write(header);
      for (var shape : shapes.values()) {
        out.write(elements(shape, random));
      }
    }
  }

  private static void collect(WeightExpression source, Map<String, Shape> shapes) {
    source.stored().forEach(stored -> shapes.put(stored.name(), stored.shape()));
  }

  private static String header(Map<String, Shape> shapes) {
    var entries = new TreeMap<String, String>();
    long offset = 0;
    for (var entry : shapes.entrySet()) {
      long end = offset + entry.getValue().elements() * Float.BYTES;
      entries.put(
          entry.getKey(),
          "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
              .formatted(entry.getKey(), entry.getValue(), offset, end));
      offset = end;
    }
    return entries.values().stream().collect(Collectors.joining(",", "{", "}"));
  }

  /** Vectors near 1, and matrices that preserve the magnitude of their operands. */
  private static byte[] elements(Shape shape, SplittableRandom random) {
    boolean vector = shape.rank() < 2;
    double scale = vector ? 0.02 : 0.5 / Math.sqrt(shape.last().size());
    var bytes =
        ByteBuffer.allocate(Math.toIntExact(shape.elements() * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) ((vector ? 1 : 0) + scale * random.nextDouble(-SPREAD, SPREAD)));
    }
    return bytes.array();
  }
}
