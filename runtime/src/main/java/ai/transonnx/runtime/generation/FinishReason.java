package ai.transonnx.runtime.generation;

/** Why a row ended. */
public enum FinishReason {
  /** It has as many new tokens as were asked for. */
  LENGTH,
  /** Its last token is a stop token. */
  STOP,
  /** The generation was cancelled, or its thread interrupted. */
  CANCELLED,
  /** The generation's time was up. */
  DEADLINE
}
