package ai.transonnx.server.internal;

/**
 * A task that the model is not made for.
 *
 * @param reason the message of each response
 */
public record RefusedTask(String reason) implements ServedTask {
  @Override
  public boolean isPossible() {
    return false;
  }

  @Override
  public void respond(Exchange exchange, byte[] body) {
    throw ApiException.invalid("model", reason);
  }
}
