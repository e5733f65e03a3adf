package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.runtime.OnnxModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The sequences of tokens that a golden case has recorded. Has no state. */
public final class CaseTokens {
  private CaseTokens() {}

  /**
   * Each row of each step's input {@code tokens}. If the case has recorded a loss, only the tokens
   * of losses are returned, which are a text; a row ends before the first ignored token, which is
   * negative.
   *
   * @throws InputException if the case cannot be read, or no row has 2 tokens
   */
  public static long[][] of(Path folder) {
    var read = CaseFolder.read(folder);
    var steps = read.steps().stream().filter(CaseTokens::hasTokens).toList();
    var losses = steps.stream().filter(step -> step.kind() == Step.Kind.LOSS).toList();
    var rows = rows(read, losses.isEmpty() ? steps : losses);
    if (rows.isEmpty()) {
      throw new InputException(
          "%s: no step has recorded 2 tokens or more as input '%s'"
              .formatted(folder, OnnxModel.TOKENS));
    }
    return rows.toArray(long[][]::new);
  }

  private static boolean hasTokens(Step step) {
    return step.inputs().contains(OnnxModel.TOKENS);
  }

  private static List<long[]> rows(CaseFolder folder, List<Step> steps) {
    var rows = new ArrayList<long[]>();
    try (var recording = Recording.open(folder.tensors())) {
      for (var step : steps) {
        var tokens = recording.input(step, OnnxModel.TOKENS);
        if (tokens.type().isFloatingPoint() || tokens.shape().length != 2) {
          throw new InputException(
              "%s: the tokens of step %s are %s; they must be whole numbers [b, n]"
                  .formatted(folder.tensors(), step.index(), tokens));
        }
        add(tokens.longs(), (int) tokens.shape()[1], rows);
      }
    }
    return rows;
  }

  private static void add(long[] tokens, int n, List<long[]> rows) {
    for (int start = 0; start + n <= tokens.length && n > 0; start += n) {
      int end = start;
      while (end < start + n && tokens[end] >= 0) {
        end++;
      }
      if (end - start >= 2) {
        rows.add(Arrays.copyOfRange(tokens, start, end));
      }
    }
  }
}
