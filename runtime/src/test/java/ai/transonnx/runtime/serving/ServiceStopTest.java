package ai.transonnx.runtime.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs({OS.LINUX, OS.MAC})
class ServiceStopTest {
  private static final int SIGTERM = 128 + 15;
  private static final int LENGTH = 2000;

  @TempDir private Path folder;

  @Test
  void aShutdownHookLetsOpenRequestsEndAndClosesTheModel() throws Exception {
    var model = TinyModels.stateful().metadata(MetadataKey.RAGGED, "true").write(folder);
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path", ""),
                Service.class.getName(),
                model.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader()) {
      assertEquals("generates", lines.readLine());
      process.toHandle().destroy(); // leaves its output open
      assertEquals(List.of("LENGTH: " + LENGTH, "closed"), lines.lines().toList());
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(SIGTERM, process.exitValue());
  }

  /** Generates until a signal; the steps after the first wait for the signal. */
  static final class Service {
    private Service() {}

    public static void main(String[] args) throws InterruptedException {
      var stops = new CountDownLatch(1);
      var metrics =
          new SchedulerMetrics() {
            @Override
            public void onStep(int decoded, int prefilled, int waiting, Duration time) {
              try {
                stops.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
          };
      var model = OnnxModel.load(Path.of(args[0]));
      var scheduler =
          GenerationScheduler.of(model, SchedulerOptions.builder().metrics(metrics).build());
      var options = GenerationOptions.builder(LENGTH).greedy().build();
      var task = scheduler.submit(GenerationRequest.builder(new long[][] {{1}}, options).build());
      var hook =
          new Thread(
              () -> {
                stops.countDown();
                var generation = task.join();
                System.out.println(generation.finishReason(0) + ": " + generation.size());
                scheduler.closeNow();
                model.close();
                System.out.println("closed");
              });
      Runtime.getRuntime().addShutdownHook(hook);
      System.out.println("generates");
      new CountDownLatch(1).await();
    }
  }
}
