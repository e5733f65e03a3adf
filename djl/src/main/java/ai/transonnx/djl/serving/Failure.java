package ai.transonnx.djl.serving;

import ai.djl.modality.Output;
import ai.transonnx.InputException;
import ai.transonnx.TransonnxException;
import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.MemoryLimitException;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.internal.RequestFields;

/**
 * The response to a request that failed: {@code {"error": ..., "code": ...}} with an HTTP status.
 *
 * @param message for the client
 */
record Failure(int code, String reason, String message) {
  /** The response to an exception; empty text for one of ours that is no mistake of the client. */
  static Failure of(TransonnxException e) {
    if (e instanceof RequestException || e instanceof InputException) {
      return badRequest(e.getMessage());
    }
    boolean isBusy =
        e instanceof BusyException
            || e instanceof MemoryLimitException
            || e instanceof ClosedException
            || e instanceof CancelledException;
    return isBusy
        ? unavailable(e.getMessage())
        : new Failure(500, "Internal Server Error", e.getMessage());
  }

  static Failure badRequest(String message) {
    return new Failure(400, "Bad Request", message);
  }

  static Failure unavailable(String message) {
    return new Failure(503, "Service Unavailable", message);
  }

  /** The body of the response. */
  String body() {
    return RequestFields.JSON.createObjectNode().put("error", message).put("code", code).toString();
  }

  /** Sets the status and type of a response that has not begun. */
  void describe(Output output) {
    output.setCode(code);
    output.setMessage(reason);
    output.addProperty("Content-Type", "application/json");
  }

  /** A response of its own. */
  Output output() {
    var output = new Output();
    describe(output);
    output.add(body());
    return output;
  }
}
