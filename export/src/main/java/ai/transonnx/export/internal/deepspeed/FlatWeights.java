package ai.transonnx.export.internal.deepspeed;

import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.weights.JoinedContent;
import ai.transonnx.export.internal.weights.JoinedContent.Piece;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.ElementType;
import java.util.ArrayList;
import java.util.List;

/**
 * One or more vectors, joined.
 *
 * @param count the number of elements
 */
record FlatWeights(ElementType elements, long count, Content content) {
  /**
   * The vectors in a list.
   *
   * @throws PickleException if an item is no vector, or there is none
   */
  static List<FlatWeights> listed(PickleValue value) {
    if (!(value instanceof Sequence list) || list.items().isEmpty()) {
      throw new PickleException("its flat weights are " + value.description());
    }
    return list.items().stream().map(FlatWeights::of).toList();
  }

  /** A vector. */
  static FlatWeights of(PickleValue value) {
    var tensor =
        TensorValue.of(value)
            .orElseThrow(() -> new PickleException("its flat weights are " + value.description()))
            .data();
    if (tensor.shape().rank() != 1) {
      throw new PickleException("its flat weights have shape " + tensor.shape());
    }
    if (tensor.content().repeatedBytes() > 0) {
      throw new PickleException("its flat weights are expanded from fewer elements");
    }
    return new FlatWeights(tensor.elements(), tensor.shape().elements(), tensor.content());
  }

  /**
   * The concatenation of vectors.
   *
   * @throws PickleException if their types differ
   */
  static FlatWeights joined(List<FlatWeights> parts) {
    var elements = parts.get(0).elements();
    var pieces = new ArrayList<Piece>();
    long count = 0;
    for (var part : parts) {
      if (part.elements() != elements) {
        throw new PickleException(
            "its flat weights have the types %s and %s".formatted(elements, part.elements()));
      }
      if (part.count() > 0) {
        pieces.add(new Piece(part.content(), part.bytes()));
      }
      count = Math.addExact(count, part.count());
    }
    return new FlatWeights(elements, count, new JoinedContent(pieces));
  }

  long bytes() {
    return Math.multiplyExact(count, (long) elements.bytes());
  }
}
