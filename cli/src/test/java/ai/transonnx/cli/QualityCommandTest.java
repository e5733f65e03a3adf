package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.internal.config.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QualityCommandTest extends ExportedCases {
  private Path reference = Path.of("");
  private Path candidate = Path.of("");

  @BeforeEach
  void export() {
    reference = CommandRun.exported(TRAINED, folder.resolve("reference.onnx"), "--step", "1");
    candidate =
        CommandRun.exported(
            TRAINED, folder.resolve("int8.onnx"), "--step", "1", "--quantize", "int8");
  }

  private CommandRun quality(Object... options) {
    var words = new ArrayList<Object>(List.of("quality", candidate, "--against", reference));
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray());
  }

  private Path written(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void theFiguresAreATable() {
    var out = quality("--case", TRAINED).assertDone().out();
    assertTrue(out.contains("int8.onnx against "), out);
    assertTrue(out.contains(": 8 sequences, 2,048 positions, context 256\n"), out);
    for (var row :
        List.of(
            "perplexity  ",
            "perplexity ratio ",
            "mean divergence ",
            "median divergence ",
            "99 % divergence ",
            "largest divergence ",
            "equal first tokens ")) {
      assertTrue(out.contains("\n  " + row), out);
    }
  }

  @Test
  void figuresAndPlotAreWritten() throws IOException {
    var json = folder.resolve("quality.json");
    var page = folder.resolve("quality.html");
    quality("--case", TRAINED, "--gate", "kld=0.01,top1=0.5", "--json", json, "--plot", page)
        .assertDone();
    var quality = Json.read(json).path("quality");
    assertEquals(2048, quality.path("positions").asInt());
    double mean = quality.path("divergence").path("mean").asDouble();
    assertTrue(mean > 0 && mean < 0.01, "mean divergence " + mean);
    assertEquals("PASSED", Json.read(json).path("limits").path(0).path("status").asText());
    var html = Files.readString(page);
    assertTrue(html.contains("The quality gate holds"), html);
    assertFalse(html.contains("<script"), html);
  }

  @Test
  void aGateThatDoesNotHoldIsAFailure() {
    var run = quality("--case", TRAINED, "--gate", "kld=1e-12,top1=0.5");
    assertEquals(ExitCode.FAILED, run.code());
    assertEquals("", run.err());
    assertTrue(row(run.out(), "  mean divergence").endsWith("  <= 1e-12    FAILED"), run.out());
    assertTrue(row(run.out(), "  equal first").endsWith("  >= 50.00 %  passed"), run.out());
    assertTrue(
        run.out().contains("FAILED: the quality gate does not hold: mean divergence "), run.out());
  }

  @Test
  void textsAndTokensAreTheSameSequences() throws IOException {
    var text = quality("--text", written("text", "In the beginning")).assertDone().out();
    var tokens = new ArrayList<String>();
    "In the beginning".chars().forEach(c -> tokens.add(Integer.toString(c)));
    var lines = String.join(",", tokens) + "\n\n  " + String.join(" ", tokens) + "\n";
    var twice = quality("--tokens", written("tokens", lines)).assertDone().out();
    assertTrue(text.contains(": 1 sequence, 15 positions, "), text);
    assertTrue(twice.contains(": 2 sequences, 30 positions, "), twice);
    assertEquals(row(text, "mean divergence"), row(twice, "mean divergence"));
  }

  private static String row(String table, String label) {
    return table.lines().filter(line -> line.contains(label)).findFirst().orElseThrow();
  }

  @Test
  void theContextCutsSequences() {
    assertTrue(
        quality("--case", TRAINED, "--context", "64").assertDone().out().contains("context 64\n"));
    quality("--case", TRAINED, "--context", "0")
        .assertRefused("the context is 0; ", "allows 1 to ");
  }

  @Test
  void aTokenizerIsForTexts() {
    quality("--case", TRAINED, "--tokenizer", BpeModel.TOKENIZER)
        .assertRefused("only --text needs a tokenizer");
  }

  @Test
  void invalidSourcesOfTokensAreRefused() throws IOException {
    quality("--tokens", written("words", "1,2\n3 four 5\n"))
        .assertRefused("words: line 2: 'four' is not a token");
    quality("--tokens", written("negative", "-1,2")).assertRefused("'-1' is not a token");
    quality("--tokens", written("large", "1,99999999999")).assertRefused("is not a token");
    quality("--tokens", written("beyond", "1,9999999999")).assertRefused("not in the vocabulary");
    quality("--tokens", written("empty", "\n \n")).assertRefused("empty: has no tokens");
    quality("--tokens", written("one", "1,2\n3\n")).assertRefused("sequence 1 has 1 token");
    quality("--tokens", written("commas", ",,\n")).assertRefused("sequence 0 has no token");
    quality("--text", written("none", "")).assertRefused("none: the text is empty");
    quality("--text", written("letter", "a")).assertRefused("letter: the text has 1 token");
    var binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC0, 0});
    quality("--text", binary).assertRefused("binary: the text is not UTF-8");
    quality("--text", "/dev/zero").assertRefused("/dev/zero: ");
    quality("--text", folder).assertRefused("a directory");
    quality("--case", folder).assertRefused("case.json");
    quality("--case", "../golden-tests/cases/x-transformers/vit")
        .assertRefused("no step has recorded 2 tokens");
    quality().assertRefused("--text", "--tokens", "--case");
  }

  @Test
  void invalidGatesAreRefused() {
    quality("--case", TRAINED, "--gate", "kl=1").assertRefused("a gate has no 'kl'", "kld-p99");
    quality("--case", TRAINED, "--gate", "kld=-1").assertRefused("'-1'");
  }

  @Test
  void outputsThatCannotBeWrittenAreRefusedFirst() {
    quality("--case", TRAINED, "--json", candidate).assertRefused("this is the model");
    quality("--case", TRAINED, "--plot", reference).assertRefused("this is the model");
    quality("--case", TRAINED, "--plot", folder.resolve("none/page.html"))
        .assertRefused("none/page.html: the report cannot be written: there is no directory");
  }

  @Test
  void modelsThatCannotBeComparedAreRefused() {
    var other = CommandRun.exported(CASES.resolve("base"), folder.resolve("other.onnx"));
    CommandRun.of("quality", other, "--against", reference, "--case", TRAINED)
        .assertRefused("models of one vocabulary can be compared");
    var encoderDecoder = Path.of("../golden-tests/cases/x-transformers/encoder-decoder");
    var model = CommandRun.exported(encoderDecoder, folder.resolve("source.onnx"));
    CommandRun.of("quality", model, "--against", reference, "--case", TRAINED)
        .assertRefused("source.onnx: it cannot be compared over tokens: it has no tokens");
    CommandRun.of("quality", folder.resolve("none"), "--against", reference, "--case", TRAINED)
        .assertRefused("none: no such file");
  }
}
