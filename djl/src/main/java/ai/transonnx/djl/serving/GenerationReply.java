package ai.transonnx.djl.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.inference.streaming.ChunkedBytesSupplier;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.transonnx.TransonnxException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.Generation;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The response to one request to generate. Its {@link #output} is complete later: DJL Serving sends
 * chunks as they come, and the status with the first one. When the client has left, the generation
 * ends.
 */
final class GenerationReply {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationReply.class);

  private final Input input;
  private final ReplyFormat format;
  private final boolean stream;
  private final Cancellation cancellation = new Cancellation();
  private final Output output = new Output();
  private final ChunkedBytesSupplier chunks = new ChunkedBytesSupplier();
  private final List<ReplyRow> rows;
  private boolean begun; // guarded by this

  GenerationReply(Input input, GenerationBody body) {
    this.input = input;
    this.format = ReplyFormat.of(body);
    this.stream = body.stream();
    this.rows =
        IntStream.range(0, body.prompts().size())
            .mapToObj(i -> new ReplyRow(i, body.prompts().get(i), this::endIfLeft, this::receive))
            .toList();
    output.addProperty("Content-Type", format.contentType());
    output.add("data", chunks);
  }

  Output output() {
    return output;
  }

  /** Ends the generations of this response. */
  Cancellation cancellation() {
    return cancellation;
  }

  /** The listener of each prompt's tokens. */
  List<ReplyRow> rows() {
    return rows;
  }

  private void endIfLeft() {
    if (input.isCancelled()) {
      cancellation.cancel();
    }
  }

  private synchronized void receive(ReplyRow row, String text) {
    if (stream) {
      var part = format.part(row, text);
      if (!part.isEmpty()) {
        begun = true;
        chunks.appendContent(part.getBytes(UTF_8), false);
      }
    }
  }

  /** Completes the response after all generations, of which one has failed or none. */
  synchronized void end(List<Generation> results, @Nullable Throwable failure) {
    if (failure != null) {
      fail(failure(failure));
    } else if (results.stream().anyMatch(one -> one.finishReason(0) == FinishReason.CANCELLED)) {
      fail(Failure.unavailable("the generation was cancelled: the model is being unloaded"));
    } else if (stream) {
      var last = new StringBuilder();
      for (int i = 0; i < rows.size(); i++) {
        last.append(format.lastPart(rows.get(i), results.get(i)));
      }
      finish(last.append(format.end()).toString());
    } else {
      finish(format.whole(rows, results));
    }
  }

  private static Failure failure(Throwable failure) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof TransonnxException known) {
      return Failure.of(known);
    }
    LOG.error("A generation failed", cause);
    return new Failure(500, "Internal Server Error", "internal error");
  }

  private void fail(Failure failure) {
    if (begun) {
      finish(format.failure(failure.message()));
    } else {
      failure.describe(output);
      finish(failure.body());
    }
  }

  private void finish(String text) {
    chunks.appendContent(text.getBytes(UTF_8), true);
  }
}
