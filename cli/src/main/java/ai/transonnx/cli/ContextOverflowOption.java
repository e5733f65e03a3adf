package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The behavior of a generation beyond the context window, and a note about its cost. */
final class ContextOverflowOption {
  @Option(
      names = "--window",
      paramLabel = "recompute|keep",
      description =
          "When the context window is full: recompute the whole window for each token, as the"
              + " library does, or keep the KV cache as a sliding window, which is fast but differs"
              + " from the library (default: recompute).")
  private String window = "recompute";

  ContextOverflow contextOverflow() {
    return switch (window) {
      case "recompute" -> ContextOverflow.RECOMPUTE;
      case "keep" -> ContextOverflow.SLIDE;
      default ->
          throw new InputException(
              "--window is '%s'; it must be recompute or keep".formatted(window));
    };
  }

  /** Whether tokens before the context window have no effect. */
  private boolean recomputes() {
    return contextOverflow() == ContextOverflow.RECOMPUTE;
  }

  /** A note for the user if the first tokens of a prompt are beyond the context window. */
  Optional<String> promptNote(OnnxModel model, int prompt) {
    int window = model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    return prompt > window && recomputes()
        ? Optional.of(
            "the prompt has %s tokens, but the context window of %s has %s; the first %s tokens have no effect"
                .formatted(prompt, model.file(), window, prompt - window))
        : Optional.empty();
  }

  /**
   * A note for the user if each token, or those beyond the context window, recompute others or
   * differ from the library's.
   *
   * @param fed the largest number of tokens that the model is fed
   */
  Optional<String> note(OnnxModel model, long fed) {
    var metadata = model.metadata();
    boolean isSliding = contextOverflow() == ContextOverflow.SLIDE;
    if (isSliding && (metadata.state().isEmpty() || metadata.fixedWindow().isPresent())) {
      return Optional.empty(); // the generator rejects it
    }
    if (metadata.state().isEmpty()) {
      return Optional.of(
          "%s was exported without --incremental, so each token recomputes all tokens before it"
              .formatted(model.file()));
    }
    if (fed <= metadata.maxLength().orElse(Integer.MAX_VALUE)) {
      return Optional.empty();
    }
    return Optional.of(
        "the context window of %s is full at %s tokens: from then on %s"
            .formatted(model.file(), metadata.maxLength().orElseThrow(), beyond(model)));
  }

  private String beyond(OnnxModel model) {
    if (contextOverflow() == ContextOverflow.SLIDE) {
      return "cached keys still reflect evicted tokens, so results differ from the library's";
    }
    var fixed = model.metadata().fixedWindow();
    return "each token recomputes the whole window, as in the library"
        + fixed.map(reason -> "; " + reason).orElse("; --window keep avoids this");
  }
}
