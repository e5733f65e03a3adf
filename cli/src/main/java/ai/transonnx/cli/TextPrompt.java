package ai.transonnx.cli;

import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.TokenListener;
import java.io.PrintWriter;
import java.util.function.Function;

/** Prints a prompt and its continuation as text, as soon as it is generated. */
final class TextPrompt implements TokenListener {
  private final String prompt;
  private final PrintWriter out;
  private final boolean isTerminal;
  private final Runnable start;
  private boolean started;

  /**
   * Nothing is printed yet.
   *
   * @param isTerminal whether control characters must not be printed
   * @param start called before the first text is printed, when the model has accepted the prompt
   */
  TextPrompt(String prompt, PrintWriter out, boolean isTerminal, Runnable start) {
    this.prompt = prompt;
    this.out = out;
    this.isTerminal = isTerminal;
    this.start = start;
  }

  /** Continues the prompt and prints the text. */
  Generation print(
      GenerationRequest.Builder request, Function<GenerationRequest, Generation> generator) {
    var generation = generator.apply(request.listener(this).build());
    start();
    out.println();
    return generation;
  }

  private void start() {
    if (!started) {
      started = true;
      start.run();
      print(prompt);
    }
  }

  @Override
  public void onToken(int row, long token) {
    start();
  }

  @Override
  public void onText(int row, String text) {
    print(text);
  }

  /** Prints text that a model may have generated. */
  private void print(String text) {
    out.print(isTerminal ? Terminal.printable(text) : text);
    out.flush();
  }
}
