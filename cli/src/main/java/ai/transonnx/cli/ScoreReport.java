package ai.transonnx.cli;

import ai.transonnx.export.ToolVersion;
import ai.transonnx.format.internal.Printable;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The scores of sequences, for people and as JSON.
 *
 * @param model the file
 * @param context the maximum number of positions of a window
 */
record ScoreReport(String model, int context, List<SequenceScore> scores) {
  private static final int FORMAT = 1;

  ScoreReport {
    scores = List.copyOf(scores);
  }

  private long count() {
    return scores.stream().mapToLong(SequenceScore::count).sum();
  }

  private double logProbability() {
    return scores.stream().mapToDouble(SequenceScore::logProbability).sum();
  }

  /** A table with a line for each sequence, and one for all if there are several. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(
        Printable.message(
            "%s: %s, context %s"
                .formatted(
                    model,
                    scores.size() == 1 ? "1 sequence" : scores.size() + " sequences",
                    context)));
    lines.add("  sequence      tokens  log-probability  bits per token  perplexity");
    for (int i = 0; i < scores.size(); i++) {
      var score = scores.get(i);
      lines.add(row(Integer.toString(i + 1), score.count(), score.logProbability()));
    }
    if (scores.size() > 1) {
      lines.add(row("all", count(), logProbability()));
    }
    return lines;
  }

  private static String row(String name, long count, double logProbability) {
    return String.format(
        Locale.ROOT,
        "  %-8s  %10d  %15.3f  %14.4f  %10.4f",
        name,
        count,
        logProbability,
        bits(count, logProbability),
        perplexity(count, logProbability));
  }

  private static double bits(long count, double logProbability) {
    return -logProbability / count / Math.log(2);
  }

  private static double perplexity(long count, double logProbability) {
    return Math.exp(-logProbability / count);
  }

  /** The scores of all tokens. */
  ObjectNode json() {
    var json = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    json.put("tool", Transonnx.NAME + " " + ToolVersion.current());
    json.put("model", model).put("context", context);
    add(json, count(), logProbability());
    var list = json.putArray("sequences");
    for (var score : scores) {
      var one = list.addObject();
      add(one, score.count(), score.logProbability());
      var tokens = one.putArray("tokens");
      for (long token : score.tokens()) {
        tokens.add(token);
      }
      var values = one.putArray("log_probabilities");
      for (double value : score.logProbabilities()) {
        values.add(value);
      }
    }
    return json;
  }

  private static void add(ObjectNode json, long count, double logProbability) {
    json.put("scored_tokens", count).put("log_probability", logProbability);
    json.put("bits_per_token", bits(count, logProbability));
    json.put("perplexity", perplexity(count, logProbability));
  }
}
