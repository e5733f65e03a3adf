package ai.transonnx.runtime;

import ai.transonnx.runtime.LoopContract.SequencePorts;
import java.util.List;

/** A loop over tokens, which computes the logits of the next ones. */
abstract sealed class LogitLoop extends SequenceLoop implements LogitRows
    permits TokenLoop, NumberLoop {
  LogitLoop(LoopOptions options, List<SequencePorts> ports) {
    super(options, ports);
  }

  @Override
  public final void logits(int row, float[] target) {
    lock()
        .run(
            () -> {
              requireFed();
              calls().readLast(row, target);
            });
  }

  @Override
  public final int vocabulary() {
    return position() == 0
        ? options().model().vocabulary().orElseThrow(LogitLoop::nothingFed)
        : calls().features();
  }

  /** The location of a token that is fed, for messages. */
  final String location(int index, int row) {
    return "position " + (position() + index) + " of row " + row;
  }

  final void requireFed() {
    if (position() == 0) {
      throw nothingFed();
    }
  }

  private static RequestException nothingFed() {
    return new RequestException("there are no logits before the first token is fed");
  }
}
