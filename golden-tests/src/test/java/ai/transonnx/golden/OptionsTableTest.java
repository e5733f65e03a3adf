package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.config.ConfigOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every option is documented and covered by a golden case. */
class OptionsTableTest {
  private static final Path DOCUMENT = Path.of("../docs/options.md");

  /** The reasons why options have no golden case, by {@link OptionsTable#id}. */
  private static final Map<String, String> UNRECORDED =
      Map.ofEntries(
          Map.entry("AttentionLayersConfig.causal", "recorded for a Decoder"),
          Map.entry("FeedForwardOptions.dimOut", "only the default value is allowed"),
          Map.entry("GauConfig.relPosBias", "nothing to record"),
          Map.entry("KeyValueOptions.onnxable", "the same numbers"),
          Map.entry("RotaryEmbeddingConfig.seqBeforeHeadDim", "only the default value is allowed"),
          Map.entry("RotaryEmbeddingConfig.useXpos", "only the default value is allowed"));

  private final RecordedOptions recorded =
      RecordedOptions.below(Path.of("cases"), Path.of("references"));

  /** With {@code -Ddocs.update}, the test first rewrites the document. */
  @Test
  void theDocumentMatchesTheCode() throws IOException {
    var made = new OptionsTable(recorded, UNRECORDED).toString();
    if (System.getProperty("docs.update") != null) {
      Files.createDirectories(DOCUMENT.getParent());
      Files.writeString(DOCUMENT, made);
    }
    assertUpToDate(made.lines().toList(), Files.readAllLines(DOCUMENT));
  }

  /** Reports the first line that differs. */
  private static void assertUpToDate(List<String> made, List<String> document) {
    for (int i = 0; i < Math.max(made.size(), document.size()); i++) {
      assertEquals(
          i < made.size() ? made.get(i) : "",
          i < document.size() ? document.get(i) : "",
          "line %s of docs/options.md is out of date; CONTRIBUTING.md explains how to regenerate it"
              .formatted(i + 1));
    }
  }

  @Test
  void everyOptionHasACaseOrAReason() {
    var without = new TreeSet<String>();
    for (var library : Library.supported()) {
      for (var type : OptionsTable.configurations(library).keySet()) {
        ConfigOption.all(type).stream()
            .filter(option -> !option.option().trainingOnly())
            .filter(option -> recorded.of(option).isEmpty())
            .forEach(option -> without.add(OptionsTable.id(option)));
      }
    }
    var needless = new TreeSet<>(UNRECORDED.keySet());
    needless.removeAll(without);
    without.removeAll(UNRECORDED.keySet());
    assertEquals(
        Set.of(),
        without,
        "no case sets these options: record one into golden-tests/cases, compute one into"
            + " golden-tests/references, or state the reason in UNRECORDED");
    assertEquals(Set.of(), needless, "these options in UNRECORDED do not exist or have a case");
  }
}
