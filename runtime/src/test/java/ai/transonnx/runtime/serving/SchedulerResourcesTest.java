package ai.transonnx.runtime.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory and threads do not grow with the number of requests. */
@Timeout(60)
final class SchedulerResourcesTest {
  private static final int ROUNDS = 20;
  private static final int REQUESTS = 16;
  private static final int MEGABYTE = 1 << 20;

  @TempDir private Path folder;

  @Test
  void requestsLeaveNoMemoryAndNoThreadsBehind() throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "resident memory is read from " + status);
    var file = TinyModels.heavy().metadata(MetadataKey.RAGGED, "true").write(folder);
    var options = SchedulerOptions.builder().maxRows(4).prefixMemory(4 * MEGABYTE + 1000).build();
    try (var model = OnnxModel.load(file);
        var scheduler = GenerationScheduler.of(model, options)) {
      serve(scheduler, new Random(1));
      long before = residentKilobytes(status);
      long threads = listenerThreads();
      for (int round = 0; round < ROUNDS; round++) {
        serve(scheduler, new Random(round));
      }
      long grown = residentKilobytes(status) - before;
      assertTrue(grown < 150_000, "320 states of a megabyte left " + grown + " kB behind");
      assertTrue(listenerThreads() <= threads + REQUESTS);
      assertTrue(scheduler.status().prefixBytes() <= options.prefixMemory());
      assertEquals(0, scheduler.status().decoding());
    }
    assertEquals(0, threads("transonnx-scheduler"));
  }

  /** Serves requests, a few of which are cancelled. */
  private static void serve(GenerationScheduler scheduler, Random random) {
    var tasks = new ArrayList<GenerationTask>();
    for (int i = 0; i < REQUESTS; i++) {
      long[][] prompt = {random.longs(1 + random.nextInt(4), 0, TinyModels.V).toArray()};
      var options = GenerationOptions.builder(1 + random.nextInt(5)).greedy().build();
      var cancellation = new Cancellation();
      tasks.add(scheduler.submit(GenerationRequest.builder(prompt, options).build(), cancellation));
      if (random.nextInt(4) == 0) {
        cancellation.cancel();
      }
    }
    tasks.forEach(GenerationTask::join);
  }

  private static long listenerThreads() {
    return threads("transonnx-listener");
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  private static long residentKilobytes(Path status) throws IOException {
    System.gc(); // frees buffers outside of the heap
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElseThrow();
    }
  }
}
