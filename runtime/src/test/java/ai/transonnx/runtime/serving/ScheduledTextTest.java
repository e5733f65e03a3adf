package ai.transonnx.runtime.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.text.Letters;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The text of scheduled requests. */
@Timeout(60)
final class ScheduledTextTest {
  @TempDir private Path folder;

  private OnnxModel load() {
    return OnnxModel.load(TinyModels.stateful().metadata(MetadataKey.RAGGED, "true").write(folder));
  }

  private static GenerationRequest.Builder request(long failing, String prompt, String... stops) {
    var options = GenerationOptions.builder(12).greedy().stopTexts(List.of(stops)).build();
    return GenerationRequest.builder(new Letters(failing), List.of(prompt), options);
  }

  @Test
  void aStopTextEndsItsRequest() {
    try (var model = load();
        var scheduler = GenerationScheduler.of(model)) {
      String whole = Generator.of(model).generate(request(-1, "bc").build()).text(0);
      String stop = whole.substring(4, 6);
      @SuppressWarnings("JdkObsolete") // Another thread appends.
      var text = new StringBuffer();
      var listener =
          new TokenListener() {
            @Override
            public void onToken(int row, long token) {}

            @Override
            public void onText(int row, String more) {
              text.append(more);
            }
          };
      var stopped = scheduler.submit(request(-1, "bc", stop).listener(listener).build());
      var other = scheduler.submit(request(-1, "bc").build());
      assertEquals(whole.substring(0, whole.indexOf(stop)), stopped.join().text(0));
      assertEquals(stopped.join().text(0), text.toString());
      assertEquals(FinishReason.STOP, stopped.join().finishReason(0));
      assertEquals(whole, other.join().text(0));
    }
  }

  @Test
  void aTokenizerThatFailsEndsItsRequestOnly() {
    try (var model = load();
        var scheduler = GenerationScheduler.of(model)) {
      long second = TinyModels.greedy(Integer.MAX_VALUE, 2, 1)[1];
      var failed = scheduler.submit(request(second, "b").build());
      var other = scheduler.submit(request(-1, "b").build());
      assertThrows(IllegalStateException.class, failed::join);
      assertEquals(12, other.join().size());
    }
  }
}
