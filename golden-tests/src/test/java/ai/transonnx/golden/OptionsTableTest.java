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

/** Every option is documented, and proven by a golden case. */
class OptionsTableTest {
  private static final Path DOCUMENT = Path.of("../docs/options.md");

  /** Why an option has no golden case, by its record and component. */
  private static final Map<String, String> UNRECORDED =
      Map.ofEntries(
          Map.entry("AttentionLayersConfig.causal", "recorded for a Decoder's layers"),
          Map.entry("FeedForwardOptions.dimOut", "only the default's value is allowed"),
          Map.entry("GauConfig.relPosBias", "nothing to record"),
          Map.entry(
              "RotaryEmbeddingConfig.seqBeforeHeadDim", "only the default's value is allowed"),
          Map.entry("RotaryEmbeddingConfig.useXpos", "only the default's value is allowed"));

  private final RecordedOptions recorded =
      RecordedOptions.below(Path.of("cases"), Path.of("references"));

  /** With {@code -Ddocs.update}, the document is written instead. */
  @Test
  void theDocumentIsWhatTheCodeSays() throws IOException {
    var made = new OptionsTable(recorded, UNRECORDED).toString();
    if (System.getProperty("docs.update") != null) {
      Files.createDirectories(DOCUMENT.getParent());
      Files.writeString(DOCUMENT, made);
    }
    assertUpToDate(made.lines().toList(), Files.readAllLines(DOCUMENT));
  }

  /** The first line that differs is enough to know what has changed. */
  private static void assertUpToDate(List<String> made, List<String> document) {
    for (int i = 0; i < Math.max(made.size(), document.size()); i++) {
      assertEquals(
          i < made.size() ? made.get(i) : "",
          i < document.size() ? document.get(i) : "",
          "docs/options.md is not up to date in line %s; CONTRIBUTING.md says how to make it"
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
        "options that no case sets: record one into golden-tests/cases, compute one into"
            + " golden-tests/references, or say in UNRECORDED why there is none");
    assertEquals(Set.of(), needless, "options in UNRECORDED that do not exist or have a case");
  }
}
