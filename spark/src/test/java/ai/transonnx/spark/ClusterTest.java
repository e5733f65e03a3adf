package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of a master, three workers and their executors, all processes of their own. */
@Tag("cluster")
class ClusterTest {
  /** After so many tasks of a computation, an executor is killed. */
  private static final int TASKS_BEFORE_KILL = 4;

  @TempDir private Path folder;

  @Test
  void killedExecutorsChangeNothing() throws Exception {
    try (var cluster = new LocalCluster(3, "512m")) {
      var job =
          cluster.java(
              cluster.driverClassPath(),
              ClusterJob.class.getName(),
              cluster.master(),
              LocalCluster.projectClasses(),
              TestModels.language().toString(),
              folder.toString());
      var killed = new HashMap<String, Integer>();
      var output = new StringBuilder();
      try (var lines = job.inputReader()) {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          output.append(line).append('\n');
          if (line.startsWith(ClusterJob.TASK_ENDED)
              && killed.merge(line, 1, Integer::sum) == TASKS_BEFORE_KILL) {
            assertTrue(cluster.executor().destroyForcibly());
          }
        }
      }
      assertEquals(0, job.waitFor(), output::toString);
      assertEquals(2, killed.size(), output::toString);
    }
    assertEquals(scores(), lines("scored"));
    assertEquals(continuations(), lines("continued"));
  }

  /** The values by id. Two rows of one id are an error. */
  private Map<Long, String> lines(String file) throws Exception {
    var values = new HashMap<Long, String>();
    for (var line : Files.readAllLines(folder.resolve(file))) {
      int tab = line.indexOf('\t');
      var before = values.put(Long.valueOf(line.substring(0, tab)), line.substring(tab + 1));
      assertEquals(null, before, line);
    }
    return values;
  }

  /** The scores that the runtime computes in this process. */
  private static Map<Long, String> scores() {
    var scores = new HashMap<Long, String>();
    try (var model = load();
        var tokenizer = Tokenizers.of(model)) {
      var tokens =
          LongStream.range(0, ClusterJob.SCORED)
              .mapToObj(id -> tokenizer.encode(ClusterJob.text(id)))
              .toArray(long[][]::new);
      var bits = Scorer.of(model).bits(tokens, new Cancellation());
      for (int id = 0; id < bits.length; id++) {
        double mean = DoubleStream.of(bits[id]).average().orElseThrow();
        scores.put((long) id, Double.toString(mean));
      }
    }
    return scores;
  }

  /** The continuations of one process with one partition. */
  private static Map<Long, String> continuations() {
    var prompts = LongStream.range(0, ClusterJob.CONTINUED).mapToObj(ClusterJob::text).toList();
    var generator = ClusterJob.generator(TestModels.language().toString());
    var continuations = new HashMap<Long, String>();
    for (var row : generator.transform(SharedSpark.rows(prompts, 1)).collectAsList()) {
      continuations.put(row.getLong(0), row.getString(2).replace("\n", "\\n"));
    }
    return continuations;
  }

  private static OnnxModel load() {
    return OnnxModel.load(
        TestModels.language(), ModelOptions.builder().threads(1).withoutSpinning().build());
  }
}
