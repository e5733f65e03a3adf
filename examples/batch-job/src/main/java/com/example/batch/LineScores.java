package com.example.batch;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.DoubleStream;

/** Scores lines with a model. A line that cannot be scored has no effect on others. */
final class LineScores {
  private final Scorer scorer;
  private final Tokenizer tokenizer;
  private final long maxTokens;

  LineScores(OnnxModel model, Tokenizer tokenizer) {
    this.scorer = Scorer.of(model);
    this.tokenizer = tokenizer;
    this.maxTokens = model.metadata().longestCall() + 1L; // the last token is only predicted
  }

  /** A result for each line, in their order. */
  List<Result> of(List<Line> lines) {
    var results = new ArrayList<Result>();
    var tokens = new LinkedHashMap<Integer, long[]>(); // of the lines that can be scored
    for (int i = 0; i < lines.size(); i++) {
      try {
        tokens.put(i, encode(lines.get(i)));
        results.add(null);
      } catch (RequestException e) {
        results.add(Result.failed(lines.get(i), e.getMessage()));
      }
    }
    var bits = scorer.bits(tokens.values().toArray(long[][]::new), new Cancellation());
    int row = 0;
    for (var entry : tokens.entrySet()) {
      double mean = DoubleStream.of(bits[row++]).average().orElseThrow();
      int index = entry.getKey();
      results.set(index, Result.of(lines.get(index), entry.getValue().length, mean));
    }
    return results;
  }

  private long[] encode(Line line) {
    if (line.tooLong()) {
      throw new RequestException(
          "the line has more than %s characters".formatted(LineReader.MAX_CHARACTERS));
    }
    long[] tokens = tokenizer.encode(line.text());
    if (tokens.length < 2 || tokens.length > maxTokens) {
      throw new RequestException(
          "the line has %s tokens; 2 to %s are possible".formatted(tokens.length, maxTokens));
    }
    return tokens;
  }
}
