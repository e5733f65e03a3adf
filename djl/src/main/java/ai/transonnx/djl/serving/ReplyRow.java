package ai.transonnx.djl.serving;

import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.generation.TokenLogProbability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The new tokens of one prompt while they are generated. Used by one thread at a time. */
final class ReplyRow implements TokenListener {
  private final int index;
  private final String prompt;
  private final Runnable step;
  private final BiConsumer<ReplyRow, String> received;
  private final List<Token> tokens = new ArrayList<>();
  private double logProbability = Double.NaN;
  private int promptTokens;

  /**
   * A token.
   *
   * @param logProbability NaN if it was not requested
   */
  record Token(long id, double logProbability, StringBuilder text) {}

  /**
   * A row without tokens.
   *
   * @param index the number of the prompt
   * @param step is called before each token
   * @param received receives text as soon as it is certain
   */
  ReplyRow(int index, String prompt, Runnable step, BiConsumer<ReplyRow, String> received) {
    this.index = index;
    this.prompt = prompt;
    this.step = step;
    this.received = received;
  }

  int index() {
    return index;
  }

  String prompt() {
    return prompt;
  }

  /** The number of tokens of the prompt. */
  int promptTokens() {
    return promptTokens;
  }

  /** Sets the number of tokens of the prompt, before the generation. */
  void setPromptTokens(int count) {
    promptTokens = count;
  }

  /** All tokens so far. */
  List<Token> tokens() {
    return tokens;
  }

  @Override
  public void onLogProbabilities(
      int row, TokenLogProbability selected, List<TokenLogProbability> most) {
    logProbability = selected.logProbability();
  }

  @Override
  public void onToken(int row, long token) {
    step.run();
    tokens.add(new Token(token, logProbability, new StringBuilder()));
  }

  @Override
  public void onText(int row, String text) {
    if (!tokens.isEmpty()) {
      tokens.get(tokens.size() - 1).text().append(text);
    }
    received.accept(this, text);
  }
}
