package com.example.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.serving.GenerationScheduler;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartAndStopTest {
  @TempDir private Path folder;

  @Test
  void aStopLetsOpenStreamsEndAndClosesTheModel() throws Exception {
    var context =
        SpringApplication.run(
            GenerationApplication.class,
            "--server.port=0",
            "--transonnx.model=" + ExportedModel.in(folder));
    var model = context.getBean(OnnxModel.class);
    var scheduler = context.getBean(GenerationScheduler.class);
    int port = context.getEnvironment().getRequiredProperty("local.server.port", int.class);

    var stream = new Client(port).generateLater("{\"prompt\": \"And\", \"length\": 1000}");
    await().until(() -> scheduler.status().decoding() == 1);
    context.close();

    var events = Client.events(stream.join().body());
    assertThat(events.get(events.size() - 1).data().get("tokens").asInt()).isEqualTo(1000);
    var options = GenerationOptions.builder(1).build();
    assertThatThrownBy(() -> Generator.of(model).generate(new long[] {1}, options))
        .isInstanceOf(ClosedException.class);
  }

  @Test
  void aFileThatIsNoModelIsExplainedWithoutAStackTrace(CapturedOutput output) throws Exception {
    var file = Files.writeString(folder.resolve("model.onnx"), "no model");

    assertThatThrownBy(
        () ->
            SpringApplication.run(
                GenerationApplication.class, "--server.port=0", "--transonnx.model=" + file));

    assertThat(output.getAll())
        .contains("APPLICATION FAILED TO START", "model.onnx: ")
        .doesNotContain("\tat ai.transonnx");
  }
}
