package ai.transonnx.verification.internal.runner.web;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to a page and its answers, one at a time. The page asks for requests, and asking for the
 * next one carries the answer to the one before it. Threads may share it.
 */
final class Conversation {
  /** The page does not answer, and never will. The message is a predicate. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String problem) {
      super(problem);
    }
  }

  private final BlockingQueue<String> requests = new ArrayBlockingQueue<>(1);
  private final CompletableFuture<String> problem = new CompletableFuture<>();
  private volatile CompletableFuture<String> answer = new CompletableFuture<>();

  /** Waits for the first line, which is the answer to no request. */
  String first(Duration limit) throws Failure {
    return await(answer, limit);
  }

  /** Sends a request and waits for the answer. */
  String ask(String request, Duration limit) throws Failure {
    var expected = new CompletableFuture<String>();
    answer = expected;
    requests.clear(); // A page may answer what it has not read.
    requests.add(request);
    return await(expected, limit);
  }

  private String await(CompletableFuture<String> expected, Duration limit) throws Failure {
    try {
      CompletableFuture.anyOf(expected, problem).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Failure("did not answer within %s s".formatted(limit.toMillis() / 1e3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // Both are completed with values only.
    }
    if (problem.isDone()) {
      throw new Failure(problem.join());
    }
    return expected.join();
  }

  /** Accepts an answer of the page; returns false if none is expected. */
  boolean answer(String text) {
    return answer.complete(text);
  }

  /** The next request, or null if there is none within a time. */
  @Nullable String next(Duration wait) throws InterruptedException {
    return requests.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Ends the conversation: waiting for an answer fails from now on.
   *
   * @param reason a predicate
   */
  void fail(String reason) {
    problem.complete(reason);
  }
}
