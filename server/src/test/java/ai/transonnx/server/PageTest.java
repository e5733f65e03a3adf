package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page that generates, in Chromium. {@code -Dtransonnx.page.pictures=FOLDER} writes pictures of
 * it.
 */
@Tag("browser")
@Timeout(120)
final class PageTest extends ServedModel {
  private static final String IDLE = "!document.getElementById('run').disabled";

  private Chromium browser;

  PageTest() {
    super(ServerOptions.builder());
  }

  @BeforeAll
  void startBrowser(@TempDir Path folder) throws Exception {
    var program = Chromium.find();
    Assumptions.assumeTrue(program.isPresent(), "there is no Chromium: apt-get install chromium");
    browser = Chromium.start(program.get(), Files.createDirectory(folder.resolve("browser")));
  }

  @AfterAll
  void stopBrowser() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    browser.open(server.uri().resolve("/"), "document.title.startsWith('bible')");
  }

  private String greedy(String prompt, int length) {
    var options = GenerationOptions.builder(length).greedy().build();
    return Generator.of(model)
        .generate(GenerationRequest.builder(tokenizer, List.of(prompt), options).build())
        .text(0);
  }

  @Test
  void thePageNamesTheModelAndItsTask() throws Exception {
    assertEquals("bible", browser.text("model"));
    assertEquals("This model continues text.", browser.text("task"));
  }

  @Test
  void aTypedPromptIsContinued() throws Exception {
    browser.type("prompt", "And God said");
    browser.type("temperature", "0");
    browser.type("tokens", "30");
    browser.click("run");
    browser.await(IDLE + " && document.getElementById('status').textContent.includes('tokens')");
    assertEquals("And God said" + greedy("And God said", 30), browser.text("text"));
    String status = browser.text("status");
    assertTrue(status.matches("30 tokens in \\d+\\.\\d s"), status);
    pictures("text");
  }

  @Test
  void textAppearsWhileItIsGenerated() throws Exception {
    browser.type("prompt", "In");
    browser.type("tokens", "250");
    browser.evaluate(
        """
        window.lengths = new Set();
        new MutationObserver(() => lengths.add(document.getElementById('text').textContent.length))
            .observe(document.getElementById('text'), {childList: true});
        0\
        """);
    browser.click("run");
    browser.await(IDLE + " && document.getElementById('status').textContent.includes('tokens')");
    assertTrue(browser.evaluate("lengths.size").intValue() > 10);
  }

  @Test
  void stopEndsTheGeneration() throws Exception {
    // The answer never ends, so that only the button can end it.
    browser.evaluate(
        """
        window.fetch = async (path, request) => new Response(new ReadableStream({
          start(controller) {
            const event = {choices: [{text: ' word'}]};
            controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event)}\\n\\n`));
            request.signal.addEventListener(
                'abort', () => controller.error(new DOMException('', 'AbortError')));
          }
        }));
        0\
        """);
    browser.click("run");
    browser.await("document.getElementById('text').textContent.endsWith(' word')");
    browser.click("stop");
    browser.await(IDLE);
    assertEquals("Stopped.", browser.text("status"));
    assertTrue(browser.text("text").endsWith(" word"));
  }

  @Test
  void anErrorIsText() throws Exception {
    browser.type("prompt", "é");
    browser.click("run");
    browser.await("document.getElementById('status').className === 'error'");
    String status = browser.text("status");
    assertTrue(status.contains("'prompt'"), status);
    pictures("error");
  }

  @Test
  void textOfTheModelIsNoMarkup() throws Exception {
    browser.type("prompt", "<b>bold</b>");
    browser.type("tokens", "1");
    browser.click("run");
    browser.await(IDLE + " && document.getElementById('status').textContent.includes('tokens')");
    assertTrue(browser.text("text").startsWith("<b>bold</b>"));
  }

  @Test
  void anEncoderSaysSo(@TempDir Path folder) throws Exception {
    var request = GraphRequest.builder().inputs("tokens", "mask").outputs("embeddings");
    var file = export("cases/x-transformers/encoder-mask", request, folder.resolve("encoder.onnx"));
    var options = ServerOptions.builder().port(0).build();
    try (var encoder = OnnxModel.load(file);
        var letters = new Letters();
        var other = InferenceServer.start(encoder, letters, options)) {
      browser.open(other.uri().resolve("/"), "document.title.startsWith('encoder')");
      assertEquals(
          "This model is an encoder: it computes embeddings, and does not continue text.",
          browser.text("task"));
      browser.type("prompt", "hello\nworld\nhello");
      browser.click("run");
      browser.await("document.querySelectorAll('#vectors tr').length === 3");
      assertEquals("1.000", browser.evaluate("vectors.rows[2].cells[1].textContent").textValue());
      String status = browser.text("status");
      assertTrue(status.startsWith("3 vectors of 16 numbers, 15 tokens"), status);
      pictures("encoder");
    }
  }

  private void pictures(String name) throws IOException {
    String folder = System.getProperty("transonnx.page.pictures");
    if (folder != null) {
      browser.resize(1280, 900, false);
      browser.screenshot(Path.of(folder, name + "-wide.png"));
      browser.resize(1280, 900, true);
      browser.screenshot(Path.of(folder, name + "-dark.png"));
      browser.resize(360, 800, false);
      browser.screenshot(Path.of(folder, name + "-narrow.png"));
      browser.resize(1280, 900, false);
    }
  }
}
