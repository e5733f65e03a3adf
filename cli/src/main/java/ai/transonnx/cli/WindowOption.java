package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is done when a model has seen as many tokens as it was made for, and what that costs. */
final class WindowOption {
  @Option(
      names = "--window",
      paramLabel = "recompute|keep",
      description =
          "When the model has seen as many tokens as it was made for: compute the last of them anew"
              + " with each token, as the library does, or go on with what is kept, which is fast"
              + " and differs (default: recompute).")
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

  /**
   * What a user should know of generating beforehand, if anything.
   *
   * @param fed the most tokens that the model is fed
   */
  Optional<String> note(OnnxModel model, long fed) {
    var metadata = model.metadata();
    boolean keeps = contextOverflow() == ContextOverflow.SLIDE;
    if (keeps && (metadata.state().isEmpty() || metadata.fixedWindow().isPresent())) {
      return Optional.empty(); // refused
    }
    if (metadata.state().isEmpty()) {
      return Optional.of(
          "%s was exported without --incremental: each token computes all before it anew"
              .formatted(model.file()));
    }
    if (fed <= metadata.maxLength().orElse(Integer.MAX_VALUE)) {
      return Optional.empty();
    }
    return Optional.of(
        "the window of %s is full at %s tokens: from there on %s"
            .formatted(model.file(), metadata.maxLength().orElseThrow(), beyond(model)));
  }

  private String beyond(OnnxModel model) {
    if (contextOverflow() == ContextOverflow.SLIDE) {
      return "what is kept knows of tokens that have left it, and the outcome differs from the library's";
    }
    var fixed = model.metadata().fixedWindow();
    return "each token computes all in it anew, as the library does"
        + fixed.map(reason -> "; " + reason).orElse("; --window keep goes on without");
  }
}
