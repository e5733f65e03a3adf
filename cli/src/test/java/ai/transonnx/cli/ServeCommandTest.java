package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ServeCommandTest extends ExportedCases {
  private static final Path ENCODER = Path.of("../golden-tests/cases/x-transformers/encoder");

  private CommandRun serve(Path model, Object... options) {
    var words = new Object[options.length + 2];
    words[0] = "serve";
    words[1] = model;
    System.arraycopy(options, 0, words, 2, options.length);
    return CommandRun.of(words);
  }

  @Test
  void aModelIsServedUntilASignal() throws Exception {
    var model = exported(TRAINED, "--incremental", "--outputs", "logits");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path", ""),
                Transonnx.class.getName(),
                "serve",
                model.toString(),
                "--port",
                "0",
                "--log-requests")
            .redirectError(folder.resolve("log").toFile())
            .start();
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      assertTrue(line.startsWith("Serving " + model + " at http://127.0.0.1:"), line);
      var uri = URI.create(line.substring(line.indexOf("http")) + "/v1/completions");
      var request =
          HttpRequest.newBuilder(uri)
              .POST(BodyPublishers.ofString("{\"prompt\": \"In the\", \"max_tokens\": 5}"));
      var response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
      assertEquals(200, response.statusCode(), response.body());
      process.destroy();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ignores the signal");
      var log = Files.readString(folder.resolve("log"));
      assertTrue(log.contains(" 127.0.0.1 POST /v1/completions 200 "), log);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void otherMachinesNeedAKey() {
    serve(folder.resolve("model.onnx"), "--host", "0.0.0.0")
        .assertRefused("--host 0.0.0.0", "--api-key-file");
  }

  @Test
  void aKeyIsOneWord() throws Exception {
    var file = Files.writeString(folder.resolve("key"), "two words\n");
    serve(folder.resolve("model.onnx"), "--api-key-file", file)
        .assertRefused("key: is not a key, one line of ASCII without spaces");
  }

  @Test
  void missingModelsAreRefused() {
    serve(folder.resolve("model.onnx")).assertRefused("model.onnx");
  }

  @Test
  void poolingIsOneOfThree() {
    serve(folder.resolve("model.onnx"), "--pooling", "max").assertRefused("--pooling", "max");
  }

  @Test
  void poolingNeedsEmbeddings() {
    serve(exported(TRAINED, "--outputs", "logits"), "--pooling", "last", "--port", 0)
        .assertRefused("pooling", "no output 'embeddings'");
  }

  @Test
  void encodersWithoutEmbeddingsAreRefused() {
    serve(exported(ENCODER), "--port", 0)
        .assertRefused("model.onnx: it cannot be served", "no output 'embeddings'");
  }

  @Test
  void textsAreInRange() {
    serve(folder.resolve("model.onnx"), "--max-inputs", 0).assertRefused("maxInputs is 0");
  }

  @Test
  void portsAreInRange() {
    serve(folder.resolve("model.onnx"), "--port", "70000").assertRefused("port is 70000");
  }
}
