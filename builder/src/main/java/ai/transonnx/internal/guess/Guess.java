package ai.transonnx.internal.guess;

import ai.transonnx.graph.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a checkpoint looks like.
 *
 * @param library its name
 * @param className the class
 * @param config the options that names and shapes tell, with the class under {@code class}; one
 *     that has its default value may be left out
 * @param unknown what they do not tell, each a line for people
 */
public record Guess(String library, String className, ObjectNode config, List<String> unknown) {
  public Guess {
    unknown = List.copyOf(unknown);
  }

  /** The guess of a checkpoint's tensors, if they are like those of a class that is known. */
  public static Optional<Guess> of(Map<String, Shape> shapes) {
    var tensors = new Tensors(shapes);
    return Stream.of(
            TokenShiftGuess.of(tensors),
            FlashGuess.of(tensors),
            BlockRecurrentGuess.of(tensors),
            XTransformersGuess.of(tensors))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
