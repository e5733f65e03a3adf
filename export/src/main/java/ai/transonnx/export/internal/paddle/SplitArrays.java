package ai.transonnx.export.internal.paddle;

import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.weights.JoinedContent;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.TensorData;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins arrays above 1 GiB, which Paddle splits for pickle protocols 2 and 3. A table in the
 * dictionary has the shape of each array, and the names of its parts in order.
 */
final class SplitArrays {
  private static final String TABLE = "UnpackBigParamInfor@@";

  /** An array joined from its parts. */
  private record Joined(TensorData data) implements TensorValue {
    @Override
    public String description() {
      return "a split array";
    }
  }

  private SplitArrays() {}

  /** The dictionary with joined arrays; the checkpoint itself if it has no table. */
  static PickleValue joined(PickleValue checkpoint, Location location) {
    if (!(checkpoint instanceof Mapping mapping)) {
      return checkpoint;
    }
    var values = new HashMap<String, PickleValue>();
    for (var entry : mapping.entries()) {
      PickleValue.text(entry.key()).ifPresent(name -> values.put(name, entry.value()));
    }
    if (!(values.get(TABLE) instanceof Mapping table)) {
      return checkpoint;
    }
    try {
      var parts = new HashSet<String>();
      var whole = new Mapping();
      for (var entry : table.entries()) {
        whole.put(entry.key(), joined(entry.value(), values, parts));
      }
      for (var entry : mapping.entries()) {
        var name = PickleValue.text(entry.key());
        if (name.isEmpty() || !parts.contains(name.get())) {
          whole.put(entry.key(), entry.value());
        }
      }
      return whole;
    } catch (PickleException e) {
      throw location.error(TABLE + ": " + e.getMessage());
    }
  }

  private static Joined joined(
      PickleValue description, Map<String, PickleValue> values, Set<String> parts) {
    var fields = new HashMap<String, PickleValue>();
    if (description instanceof Mapping mapping) {
      mapping
          .entries()
          .forEach(e -> PickleValue.text(e.key()).ifPresent(k -> fields.put(k, e.value())));
    }
    var found =
        new Arguments(
            "a split array",
            List.of(
                fields.getOrDefault("OriginShape", description),
                fields.getOrDefault("slices", description)));
    var shape = Shape.of(found.sizes(0, "its OriginShape"));
    var pieces = new ArrayList<JoinedContent.Piece>();
    TensorData first = null;
    for (var item : found.value(1, "its list of slices", Sequence.class).items()) {
      String name =
          PickleValue.text(item)
              .orElseThrow(
                  () -> new PickleException("the name of a part is " + item.description()));
      if (!(values.get(name) instanceof TensorValue part) || !parts.add(name)) {
        throw new PickleException("there is no part '%s', or it is used twice".formatted(name));
      }
      var data = part.data();
      first = first == null ? data : first;
      if (data.elements() != first.elements()) {
        throw new PickleException("the parts of an array differ in type");
      }
      pieces.add(new JoinedContent.Piece(data.content(), data.byteCount()));
    }
    if (first == null) {
      throw new PickleException("an array has no parts");
    }
    var whole = new TensorData(new TensorType(first.elements(), shape), new JoinedContent(pieces));
    long bytes = pieces.stream().mapToLong(JoinedContent.Piece::length).sum();
    if (!hasBytes(whole, bytes)) {
      throw new PickleException(
          "the parts of an array %s have a total of %s bytes".formatted(whole.type(), bytes));
    }
    return new Joined(whole);
  }

  private static boolean hasBytes(TensorData data, long bytes) {
    try {
      return data.byteCount() == bytes;
    } catch (ArithmeticException e) {
      return false;
    }
  }
}
