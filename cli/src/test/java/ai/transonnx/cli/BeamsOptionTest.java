package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BeamsOptionTest {
  private static final Path CASES = Path.of("../golden-tests/cases/x-transformers");

  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void export() {
    model =
        CommandRun.exported(CASES.resolve("greedy"), folder.resolve("model.onnx"), "--incremental");
  }

  private CommandRun generate(Object... options) {
    var words = new ArrayList<Object>(List.of("generate", model, "--length=6"));
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray());
  }

  @Test
  void eachBeamIsALineWithItsScore() {
    var lines = generate("--tokens=1,2,3", "--beams=3").assertDone().out().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(0).startsWith("-10.4251"), lines.get(0));
    assertTrue(lines.get(0).endsWith("\t21,20,21,17,21,4"), lines.get(0));
    assertTrue(lines.get(2).endsWith("\t21,20,21,17,21,11"), lines.get(2));
  }

  @Test
  void samplingOptionsMakeTheSearchStochastic() {
    var search = generate("--tokens=1,2,3", "--beams=3").assertDone().out();
    assertEquals(search, generate("--tokens=1,2,3", "--beams=3", "--greedy").assertDone().out());
    Object[] drawn = {"--tokens=1,2,3", "--beams=3", "--seed=7", "--temperature=3"};
    assertEquals(generate(drawn).assertDone().out(), generate(drawn).assertDone().out());
    assertNotEquals(search, generate(drawn).assertDone().out());
  }

  @Test
  void eachLineOfAFileHasItsBeams() throws IOException {
    var file = folder.resolve("prompts.jsonl");
    Files.writeString(
        file,
        """
        {"tokens": [1, 2, 3]}
        {"tokens": [7]}
        {"tokens": [7], "greedy": false, "seed": 7}
        """);
    var json = new ObjectMapper();
    var results = new ArrayList<JsonNode>();
    for (var line :
        generate("--prompts", file, "--beams=3", "--batch=2").assertDone().out().lines().toList()) {
      results.add(json.readTree(line));
    }
    var beams = results.get(0).get("beams");
    assertEquals(3, beams.size());
    assertEquals("[21,20,21,17,21,4]", beams.get(0).get("tokens").toString());
    assertEquals(results.get(0).get("tokens"), beams.get(0).get("tokens"));
    assertEquals(-10.425107, beams.get(0).get("score").doubleValue(), 1e-4);
    assertEquals("length", beams.get(2).get("finish_reason").textValue());
    assertEquals(3, results.get(1).get("beams").size());
    assertEquals(7, results.get(2).get("seed").intValue());
    assertNotEquals(results.get(1).get("beams"), results.get(2).get("beams"));
  }

  @Test
  void textsAreSearched() throws IOException {
    var text = BpeModel.exported(folder);
    var run =
        CommandRun.of("generate", text, "--prompt=A cat", "--length=4", "--beams=2").assertDone();
    assertTrue(run.out().matches("(?s)-[0-9.]+\tA cat.*\n-[0-9.]+\tA cat.*"), run.out());
  }

  @Test
  void anInvalidNumberIsRejected() {
    generate("--tokens=1", "--beams=0").assertRefused("beams is 0; 1 to 1000 are possible");
  }
}
