package ai.transonnx.benchmarks;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.DecodeBatch;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Measures a decode step of a {@link DecodeBatch}, without the selection of tokens: {@code
 * BatchedSteps MODEL.onnx [ROWS [POSITIONS]]}, by default {@code 1,2,4,8,16,32,64 64,512}.
 *
 * <p>Prints the median of the steps after a prompt, and how many times as many tokens a second that
 * are as the steps of one row: the limit for a scheduler, which also computes prompts and selects
 * tokens.
 */
public final class BatchedSteps {
  private static final int STEPS = 30;
  private static final int WARM_UP = 5;

  private BatchedSteps() {}

  /** Runs the measurement. */
  public static void main(String[] args) {
    var rows = numbers(args.length > 1 ? args[1] : "1,2,4,8,16,32,64");
    try (var model = OnnxModel.load(Path.of(args[0]), Models.options())) {
      for (int positions : numbers(args.length > 2 ? args[2] : "64,512")) {
        var prompt = new Random(7).longs(positions, 0, model.vocabulary().orElseThrow()).toArray();
        try (var loop = TokenLoop.of(model)) {
          loop.feed(prompt);
          double one = 0;
          for (int count : rows) {
            double time = median(loop, count);
            one = one == 0 ? time / count : one;
            System.out.printf(
                Locale.ROOT,
                "%4d positions, %3d rows: %7.2f ms; %5.2f times the tokens of one row%n",
                positions,
                count,
                time,
                one * count / time);
          }
        }
      }
    }
  }

  private static List<Integer> numbers(String list) {
    return Stream.of(list.split(",")).map(Integer::valueOf).toList();
  }

  private static double median(TokenLoop loop, int count) {
    var times = new ArrayList<Double>();
    try (var batch = DecodeBatch.of(loop).orElseThrow()) {
      while (batch.rows() < count) {
        batch.join(loop);
      }
      var tokens = new long[count];
      Arrays.fill(tokens, 1);
      for (int i = -WARM_UP; i < STEPS; i++) {
        long start = System.nanoTime();
        batch.feed(0, tokens, new Cancellation());
        if (i >= 0) {
          times.add((System.nanoTime() - start) / 1e6);
        }
      }
    }
    return times.stream().sorted().toList().get(times.size() / 2);
  }
}
