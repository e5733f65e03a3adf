package ai.transonnx.export.internal.checkpoint;

import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.graph.Shape;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.internal.guess.LocatedGuess;
import ai.transonnx.xtransformers.Release;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model in a weight file, as the names and shapes of a state dict suggest.
 *
 * @param key the key of its state dict
 * @param prefix the prefix of its names
 * @param guess its configuration
 */
public record CheckpointModel(String key, String prefix, Guess guess) {
  /**
   * The models of a file, those of the set that is used without a configuration first.
   *
   * @param release the release of x-transformers that wrote them, if it is known
   */
  public static List<CheckpointModel> all(WeightFile file, Optional<Release> release) {
    var used = file.sets().stream().filter(set -> set.tensors().equals(file.tensors()));
    var others = file.sets().stream().filter(set -> !set.tensors().equals(file.tensors()));
    return Stream.concat(used, others)
        .flatMap(set -> all(set, release).stream())
        .limit(LocatedGuess.MAX)
        .toList();
  }

  private static List<CheckpointModel> all(WeightSet set, Optional<Release> release) {
    var shapes = new LinkedHashMap<String, Shape>();
    set.tensors().values().forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    return LocatedGuess.all(shapes, release).stream()
        .map(model -> new CheckpointModel(set.key(), model.prefix(), model.guess()))
        .toList();
  }
}
