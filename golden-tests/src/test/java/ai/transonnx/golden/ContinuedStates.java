package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.transonnx.runtime.LoopState;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import java.nio.file.Path;
import java.util.List;

/** Loops that continue from a fork or a state file have the logits of the original loop. */
record ContinuedStates(OnnxModel model, CaseLoops loops, Path file) {
  void assertContinue() {
    int window = model.metadata().longestCall();
    try (var loop = TokenLoop.builder(model).inputs(loops.others()).build();
        var read = TokenLoop.builder(model).inputs(loops.others()).build()) {
      loop.feed(loops.tokens(Math.min(4, window)));
      loop.state().write(file);
      read.restore(LoopState.read(file, model));
      try (var fork = loop.fork()) {
        var more = loops.tokens(3);
        loop.feed(more);
        for (var other : List.of(fork, read)) {
          other.feed(more);
          assertArrayEquals(logits(loop), logits(other));
        }
      }
    }
  }

  private static float[] logits(TokenLoop loop) {
    var logits = new float[loop.vocabulary()];
    loop.logits(0, logits);
    return logits;
  }
}
