package ai.transonnx.djl.serving;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The answer that a served model gives. */
public enum ServedTask {
  /** Continues texts; an encoder-decoder generates the target of a source. */
  GENERATION,
  /** Scores texts: how likely their tokens are. */
  SCORE,
  /** Computes the embeddings of texts or images. */
  EMBEDDING,
  /** Classifies images. */
  CLASSIFICATION;

  private static final String LOGITS = "logits";
  private static final String EMBEDDINGS = "embeddings";
  private static final String IMAGE = "image";

  /**
   * The task of a name, such as {@code generation}.
   *
   * @throws RequestException if there is none
   */
  public static ServedTask of(String name) {
    return Arrays.stream(values())
        .filter(task -> task.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new RequestException(
                    "task is '%s'; it must be one of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(ServedTask::toString)
                                .collect(Collectors.joining(", ")))));
  }

  /** The usual task of a model with these inputs and outputs; empty if it has none. */
  static Optional<ServedTask> usual(Collection<String> inputs, Collection<String> outputs) {
    return List.of(GENERATION, CLASSIFICATION, EMBEDDING).stream()
        .filter(task -> task.lacks(inputs, outputs).isEmpty())
        .findFirst();
  }

  /** The input or output that a model lacks for this task, such as {@code output 'logits'}. */
  Optional<String> lacks(Collection<String> inputs, Collection<String> outputs) {
    boolean isImage = inputs.contains(IMAGE);
    boolean hasTokens = inputs.contains(OnnxModel.TOKENS);
    if (this == CLASSIFICATION && !isImage) {
      return Optional.of("input 'image'");
    }
    if (this == GENERATION && !hasTokens && !inputs.contains(OnnxModel.TARGET)) {
      return Optional.of("input 'tokens'");
    }
    if (this == SCORE && !hasTokens) {
      return Optional.of("input 'tokens'");
    }
    if (this == EMBEDDING && !hasTokens && !isImage) {
      return Optional.of("input 'tokens' or 'image'");
    }
    var output = this == EMBEDDING ? EMBEDDINGS : LOGITS;
    return outputs.contains(output)
        ? Optional.empty()
        : Optional.of("output '%s'".formatted(output));
  }

  /** The name, such as {@code generation}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
