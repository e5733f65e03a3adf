package ai.transonnx.verification.internal.structure;

import java.io.Serial;

/** No twin of a file can be built; the message is the reason, in one line. */
final class NoTwinException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String reason;

  NoTwinException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
