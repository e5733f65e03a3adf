package ai.transonnx.verification.internal.runner;

import ai.transonnx.verification.runner.RunnerException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/**
 * The other side of the runners' protocol: it answers each request with a line. After a failure it
 * is ended, and later calls fail with the reason. For one thread.
 */
public interface Peer extends AutoCloseable {
  /** The folder for files that both sides use. */
  RunnerFolder folder();

  /** Throws if an earlier call has failed. */
  void checkAlive();

  /**
   * Waits for the first line, which is not asked for.
   *
   * @param phase its activity, such as {@code starting}
   */
  String read(Duration limit, String phase);

  /** Sends a request and waits for the answer. */
  String ask(ObjectNode request, Duration limit, String phase);

  /**
   * Ends the other side, and returns the exception to throw.
   *
   * @param problem a predicate, such as {@code answered twice}
   */
  RunnerException fail(String problem);

  /** Sends the last request, and waits some time for the other side to end. */
  void end(ObjectNode request);

  /** Ends the other side, whatever it does, and deletes the folder. */
  @Override
  void close();
}
