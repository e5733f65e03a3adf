package ai.transonnx.export.internal.deepspeed;

import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.weights.TensorData;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Joins the weights that ZeRO has divided among processes. */
final class ZeroWeights {
  /** A weight as a whole. */
  private record Whole(TensorData data) implements TensorValue {
    @Override
    public String description() {
      return "a tensor " + data.type();
    }
  }

  private ZeroWeights() {}

  /**
   * ZeRO-1 and ZeRO-2: the weights of each group follow each other in one vector, which is cut into
   * one part for each process, and padded to twice their number.
   *
   * @param processes the parts of each process, one for each group
   */
  static Map<String, TensorValue> ofGroups(
      List<Map<String, Shape>> groups, List<List<FlatWeights>> processes) {
    var weights = new LinkedHashMap<String, TensorValue>();
    for (var parts : processes) {
      if (parts.size() != groups.size()) {
        throw new PickleException(
            "it has %s groups of weights, and the shapes of %s"
                .formatted(parts.size(), groups.size()));
      }
    }
    for (int i = 0; i < groups.size(); i++) {
      int group = i;
      var flat = FlatWeights.joined(processes.stream().map(parts -> parts.get(group)).toList());
      long position = 0;
      for (var entry : groups.get(i).entrySet()) {
        var shape = entry.getValue();
        long count = shape.elements();
        require(flat.count() - position >= count, flat.count(), Math.addExact(position, count));
        long start = position * flat.elements().bytes();
        weights.put(
            entry.getKey(),
            whole(
                flat.elements(),
                shape,
                flat.content().part(start, count * flat.elements().bytes())));
        position += count;
      }
      long multiple = 2L * processes.size();
      require(
          ceilDiv(position, multiple) == ceilDiv(flat.count(), multiple), flat.count(), position);
    }
    return weights;
  }

  /**
   * ZeRO-3: each weight is cut into one part for each process, the last of them padded; the parts
   * of a process follow each other.
   */
  static Map<String, TensorValue> ofParts(Map<String, Shape> shapes, List<FlatWeights> processes) {
    var first = processes.get(0);
    for (var process : processes) {
      if (process.count() != first.count() || process.elements() != first.elements()) {
        throw new PickleException("its processes have flat weights of different sizes or types");
      }
    }
    var contents = processes.stream().map(FlatWeights::content).toList();
    var weights = new LinkedHashMap<String, TensorValue>();
    long position = 0;
    for (var entry : shapes.entrySet()) {
      var shape = entry.getValue();
      long part = ceilDiv(shape.elements(), processes.size());
      require(first.count() - position >= part, first.count(), Math.addExact(position, part));
      weights.put(
          entry.getKey(), whole(first.elements(), shape, joined(contents, first, position, part)));
      position += part;
    }
    require(position == first.count(), first.count(), position);
    return weights;
  }

  private static Content joined(
      List<Content> contents, FlatWeights process, long position, long part) {
    int bytes = process.elements().bytes();
    return new InterleavedContent(contents, position * bytes, part * bytes);
  }

  private static long ceilDiv(long number, long divisor) {
    return -Math.floorDiv(-number, divisor);
  }

  private static TensorValue whole(ElementType elements, Shape shape, Content content) {
    long unused = Math.multiplyExact(shape.elements(), (long) elements.bytes());
    return new Whole(new TensorData(new TensorType(elements, shape), content));
  }

  private static void require(boolean fits, long available, long needed) {
    if (!fits) {
      throw new PickleException(
          "its flat weights have %s elements, and the shapes need %s".formatted(available, needed));
    }
  }
}
