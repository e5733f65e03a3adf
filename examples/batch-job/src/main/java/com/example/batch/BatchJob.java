package com.example.batch;

import ai.transonnx.TransonnxException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Scores each line of a file with a language model, in batches, and writes JSON lines. */
public final class BatchJob {
  /** The number of lines that share calls of the model, and are written together. */
  static final int BATCH = 16;

  private BatchJob() {}

  /** {@code BatchJob MODEL.onnx INPUT.txt OUTPUT.jsonl [--resume]} */
  public static void main(String[] arguments) {
    boolean resumes = arguments.length == 4 && arguments[3].equals("--resume");
    if (arguments.length != 3 && !resumes) {
      System.err.println("usage: BatchJob MODEL.onnx INPUT.txt OUTPUT.jsonl [--resume]");
      System.exit(2);
    }
    try {
      run(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), resumes);
    } catch (TransonnxException | IOException e) {
      System.err.println(e instanceof IOException ? e.toString() : e.getMessage());
      System.exit(2);
    }
  }

  /**
   * Writes a result for each line. No more than one batch is in memory.
   *
   * @param resumes whether to keep the complete batches of an earlier run that was interrupted
   */
  static void run(Path modelFile, Path input, Path output, boolean resumes) throws IOException {
    try (var model = OnnxModel.load(modelFile);
        var tokenizer = Tokenizers.of(model);
        var lines = new LineReader(input);
        var results = resumes ? ResultFile.resume(output) : ResultFile.create(output)) {
      var scores = new LineScores(model, tokenizer);
      lines.skip(results.lines());
      for (var batch = next(lines); !batch.isEmpty(); batch = next(lines)) {
        results.write(scores.of(batch));
      }
    }
  }

  private static List<Line> next(LineReader lines) throws IOException {
    var batch = new ArrayList<Line>();
    while (batch.size() < BATCH) {
      var line = lines.next();
      if (line.isEmpty()) {
        break;
      }
      batch.add(line.get());
    }
    return batch;
  }
}
