package ai.transonnx.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A program that measures another runtime.
 *
 * @param command the program and its first arguments
 * @param file the model, its next argument
 */
record PeerProcess(List<String> command, Path file) {
  private static final Pattern TIMES =
      Pattern.compile("prompt ([\\d.]+) ms, token [\\d.]+ ms, best ([\\d.]+) ms");

  /** Runs the program once; the best times of its repetitions. */
  GenerationTimes run(int threads, int repetitions) {
    var all = new ArrayList<>(command);
    all.addAll(List.of(file.toString(), Integer.toString(threads), Integer.toString(repetitions)));
    try {
      var process = new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return TIMES
          .matcher(printed)
          .results()
          .map(PeerProcess::times)
          .reduce(GenerationTimes::best)
          .orElseThrow(
              () -> new IllegalStateException(all + " printed no times: " + printed.strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GenerationTimes times(MatchResult line) {
    return new GenerationTimes(
        Double.parseDouble(line.group(1)), Double.parseDouble(line.group(2)));
  }
}
