package ai.transonnx.runtime.generation;

/** The reason why a row ended. */
public enum FinishReason {
  /** The row has {@link GenerationOptions#length} new tokens. */
  LENGTH,
  /** The row's last token is a stop token, or completes a stop text. */
  STOP,
  /** The generation was cancelled, or its thread was interrupted. */
  CANCELLED,
  /** The deadline of the generation's {@link ai.transonnx.runtime.Cancellation} passed. */
  DEADLINE
}
