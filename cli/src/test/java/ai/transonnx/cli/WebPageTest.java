package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.server.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page of examples/web-page, in Chromium. {@code -Dtransonnx.page.pictures=FOLDER} writes
 * pictures of it.
 */
@Tag("browser")
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WebPageTest {
  private static final Path PAGE = Path.of("../examples/web-page");
  private static final Path GOLDEN = Path.of("../golden-tests");
  private static final String PROMPT = "And the LORD said";
  private static final String READY = "!document.getElementById('run').disabled";
  private static final String FAILED = "document.getElementById('status').className === 'error'";

  @TempDir private static Path folder;

  private StaticServer server;
  private Chromium browser;

  @BeforeAll
  void start(@TempDir Path profile) throws Exception {
    var program = Chromium.find();
    Assumptions.assumeTrue(program.isPresent(), "there is no Chromium: apt-get install chromium");
    server = server(Map.of());
    browser = Chromium.start(program.get(), Files.createDirectory(profile.resolve("browser")));
  }

  private static StaticServer server(Map<String, String> headers) throws IOException {
    var packages = NodeModules.having("onnxruntime-web");
    return new StaticServer(
        Map.of("/", PAGE, "/node_modules/", packages, "/models/", folder), headers);
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static DescribedModel exported(String golden, String name, String... options)
      throws IOException {
    return DescribedModel.export(golden, folder.resolve(name + ".onnx"), options);
  }

  private void open(String name) throws IOException {
    open(server, name);
  }

  private void open(StaticServer server, String name) throws IOException {
    browser.open(
        server.uri("/?model=models/" + name),
        "document.readyState === 'complete' && (%s || %s)".formatted(READY, FAILED));
  }

  private void generate(String prompt, int length) throws IOException {
    browser.type("prompt", prompt);
    browser.type("length", String.valueOf(length));
    browser.click("run");
    browser.await(
        "%s && document.getElementById('status').textContent.includes('tokens')".formatted(READY));
  }

  private String generated(String prompt, int length) throws IOException {
    assertEquals("", status("error"));
    browser.type("temperature", "0");
    generate(prompt, length);
    assertEquals("", status("error"));
    return browser.text("text").substring(prompt.length());
  }

  /** The text of the status if it has this class; empty if it has another. */
  private String status(String kind) throws IOException {
    return browser
        .evaluate(
            "(s => s.className === '%s' ? s.textContent : '')(document.getElementById('status'))"
                .formatted(kind))
        .textValue();
  }

  @ParameterizedTest
  @CsvSource({
    "trained/token-shift-gpt/bible, shift, 100",
    "trained/x-transformers/bible, decoder, 100",
    "trained/FLASH-pytorch/bible, flash, 100",
    "trained/block-recurrent-transformer-pytorch/bible, recurrent, 200"
  })
  void theMostLikelyTextIsThatOfTheJavaLoop(String golden, String name, int length)
      throws IOException {
    var model = exported(golden, name, "--logits=last");
    open(name);
    assertEquals(model.greedy(PROMPT, length), generated(PROMPT, length));
  }

  @Test
  void webGpuComputesTheSameText() throws IOException {
    var model = exported("trained/x-transformers/bible", "gpu", "--logits=last");
    open("gpu");
    browser.evaluate(
        """
        document.getElementById('provider').value = 'webgpu';
        document.getElementById('provider').dispatchEvent(new Event('change'));
        0\
        """);
    browser.await("%s || %s".formatted(READY, FAILED));
    Assumptions.assumeFalse(
        status("error").startsWith("this browser has no WebGPU device"), "Chromium has no WebGPU");
    assertEquals(model.greedy(PROMPT, 8), generated(PROMPT, 8));
  }

  @Test
  void aPageThatIsIsolatedHasThreads() throws IOException {
    var model = exported("trained/x-transformers/bible", "threads", "--logits=last");
    var headers =
        Map.of(
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Embedder-Policy",
            "require-corp");
    try (var isolated = server(headers)) {
      open(isolated, "threads");
      var processors = browser.evaluate("navigator.hardwareConcurrency").intValue();
      assertEquals(processors > 2, browser.text("facts").matches(".*, \\d threads"));
      assertTrue(browser.evaluate("crossOriginIsolated").booleanValue());
      assertEquals(model.greedy(PROMPT, 20), generated(PROMPT, 20));
    }
  }

  @Test
  void thePortForPaddleIsContinued() throws IOException {
    var model = exported("cases/x-transformers-paddle/decoder", "paddle");
    open("paddle");
    assertEquals(model.greedy("\t\n\t", 10), generated("\t\n\t", 10));
  }

  @ParameterizedTest
  @CsvSource({
    "cases/x-transformers/decoder, full, --logits=last", // its context has 24 positions
    "cases/x-transformers/xl-recurrence, segments, '--release=1.9.2 --inputs=tokens,mem'" // of 8
  })
  void textsAreLongerThanTheContext(String golden, String name, String options) throws IOException {
    var model = exported(golden, name, options.split(" "));
    open(name);
    var prompt = "\t\n\u000b\t".repeat(5);
    assertEquals(model.greedy(prompt, 20), generated(prompt, 20));
    var status = browser.text("status");
    assertEquals(name.equals("full"), status.contains("The context was full"), status);
  }

  @Test
  void stateMayBeInFloat16() throws IOException {
    var model = exported("trained/x-transformers/bible", "half", "--cache-dtype=float16");
    open("half");
    assertEquals(model.greedy(PROMPT, 60), generated(PROMPT, 60));
  }

  @Test
  void weightsMayBeInAnotherFile() throws IOException {
    var model = exported("trained/token-shift-gpt/bible", "divided", "--external-data");
    open("divided");
    assertEquals(model.greedy(PROMPT, 20), generated(PROMPT, 20));
  }

  @Test
  void theTokenizerOfTheModelIsUsed() throws IOException {
    NodeModules.having("@huggingface/tokenizers");
    var model = DescribedModel.of(BpeModel.exported(folder));
    open("bpe");
    assertEquals(model.greedy("A cat 🐱 and", 40), generated("A cat 🐱 and", 40));
  }

  @Test
  void aSeedRepeatsItsText() throws IOException {
    exported("trained/token-shift-gpt/bible", "seeds");
    open("seeds");
    browser.type("temperature", "1");
    browser.type("top", "20");
    var texts = new ArrayList<String>();
    for (var seed : List.of("7", "7", "8")) {
      browser.type("seed", seed);
      generate(PROMPT, 40);
      assertTrue(browser.text("status").contains("Seed " + seed + "."), browser.text("status"));
      texts.add(browser.text("text"));
    }
    assertEquals(texts.get(0), texts.get(1));
    assertNotEquals(texts.get(0), texts.get(2));
    pictures();
  }

  @Test
  void aRandomSeedIsShownAndRepeatsTheText() throws IOException {
    exported("trained/token-shift-gpt/bible", "seeds");
    open("seeds");
    generate(PROMPT, 30);
    var text = browser.text("text");
    var seed = browser.text("status").replaceAll(".*Seed (\\d+)\\..*", "$1");
    browser.type("seed", seed);
    generate(PROMPT, 30);
    assertEquals(text, browser.text("text"));
  }

  @Test
  void oneCandidateIsTheMostLikelyToken() throws IOException {
    var model = exported("trained/token-shift-gpt/bible", "seeds");
    open("seeds");
    browser.type("temperature", "1");
    browser.type("top", "1");
    generate(PROMPT, 30);
    assertEquals(PROMPT + model.greedy(PROMPT, 30), browser.text("text"));
  }

  @Test
  void stopEndsTheText() throws IOException {
    exported("trained/token-shift-gpt/bible", "seeds");
    open("seeds");
    browser.type("prompt", PROMPT);
    browser.type("length", "100000");
    browser.click("run");
    browser.await(
        "document.getElementById('text').textContent.length > %s".formatted(PROMPT.length() + 10));
    browser.click("stop");
    browser.await(READY);
    assertTrue(browser.text("status").startsWith("Stopped: "), browser.text("status"));
    var text = browser.text("text");
    generate(PROMPT, 3);
    assertTrue(text.length() < 100_000 && browser.text("text").length() == PROMPT.length() + 3);
  }

  @Test
  void charactersThatTheModelDoesNotHaveAreNamed() throws IOException {
    exported("trained/token-shift-gpt/bible", "seeds");
    open("seeds");
    browser.type("prompt", "caf\u00e9");
    browser.click("run");
    browser.await(FAILED);
    assertEquals(
        "the model cannot read 'é': its tokens are the bytes 0 to 127", browser.text("status"));
    generate(PROMPT, 3);
    assertEquals("", status("error"));
  }

  @Test
  void aModelThatIsMissingIsNamed() throws IOException {
    open("none");
    assertTrue(
        status("error").endsWith("/models/none.json: the server has no such file (status 404)"));
  }

  @Test
  void anAddressOfAnotherServerIsRefused() throws IOException {
    browser.open(server.uri("/?model=https://127.0.0.1/model"), FAILED);
    assertTrue(status("error").startsWith("The address names no model"), status("error"));
  }

  @Test
  void aDescriptionOfAnotherFileIsRefused() throws IOException {
    var model = exported("trained/token-shift-gpt/bible", "changed");
    Files.write(model.file(), new byte[] {0}, StandardOpenOption.APPEND);
    open("changed");
    assertTrue(status("error").contains("write it anew with 'transonnx inspect'"), status("error"));
  }

  @Test
  void whatIsNoDescriptionIsNamed() throws IOException {
    Files.writeString(folder.resolve("list.json"), "[]");
    open("list");
    assertTrue(
        status("error")
            .endsWith(
                "list.json: is not the JSON that 'transonnx inspect MODEL.onnx --json' prints"),
        status("error"));
    Files.writeString(folder.resolve("text.json"), "model");
    open("text");
    assertTrue(status("error").endsWith("text.json: is not JSON"), status("error"));
  }

  @Test
  void modelsThatThePageCannotFeedAreRefused() throws IOException {
    DescribedModel.of(
        CommandRun.exported(
            GOLDEN.resolve("cases/token-shift-gpt/base"), folder.resolve("whole.onnx")));
    open("whole");
    assertTrue(status("error").contains("export it with '--incremental'"), status("error"));
    exported("cases/x-transformers/cross-attend", "crossed", "--inputs=tokens,context");
    open("crossed");
    assertTrue(status("error").contains("also needs context"), status("error"));
  }

  private void pictures() throws IOException {
    var pictures = System.getProperty("transonnx.page.pictures");
    if (pictures != null) {
      for (int width : List.of(1000, 380)) {
        for (boolean dark : List.of(false, true)) {
          browser.resize(width, 800, dark);
          browser.screenshot(
              Path.of(pictures, "web-page-%s%s.png".formatted(width, dark ? "-dark" : "")));
        }
      }
    }
  }
}
