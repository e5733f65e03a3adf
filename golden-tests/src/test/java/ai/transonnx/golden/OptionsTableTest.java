package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.config.ConfigOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every option is documented and covered by a golden case. */
class OptionsTableTest {
  private static final Path OPTIONS = Path.of("../docs/options.md");
  private static final Path RELEASES = Path.of("../docs/release-tables.md");

  private static final String TOKENS = "recorded for a TransformerWrapper";

  /** The reasons why options have no golden case, by {@link OptionsTable#id}. */
  private static final Map<String, String> UNRECORDED =
      Map.ofEntries(
          Map.entry("AttentionLayersConfig.causal", "recorded for a Decoder"),
          Map.entry("ContinuousTransformerWrapperConfig.maxMemLen", TOKENS),
          Map.entry("FeedForwardOptions.dimOut", "only the default value is allowed"),
          Map.entry("GauConfig.relPosBias", "nothing to record"),
          Map.entry("KeyValueOptions.onnxable", "the same numbers"),
          Map.entry("MultiInputTransformerWrapperConfig.maxMemLen", TOKENS),
          Map.entry("MultiInputTransformerWrapperConfig.memoryTokensInterspersedEvery", TOKENS),
          Map.entry("MultiInputTransformerWrapperConfig.shiftMemDown", TOKENS),
          Map.entry("PassOptions.loopedInference", "only the default value is allowed"),
          Map.entry("PassOptions.recycleSteps", "recorded with the default value"),
          Map.entry("RotaryEmbeddingConfig.seqBeforeHeadDim", "only the default value is allowed"),
          Map.entry("RotaryEmbeddingConfig.useXpos", "only the default value is allowed"),
          Map.entry("XValTransformerWrapperConfig.embDim", "only the value of dim is allowed"),
          Map.entry("XValTransformerWrapperConfig.maxMemLen", TOKENS));

  private final RecordedOptions recorded =
      RecordedOptions.below(Path.of("cases"), Path.of("releases"), Path.of("references"));

  @Test
  void theTableOfOptionsMatchesTheCode() throws IOException {
    assertUpToDate(OPTIONS, new OptionsTable(recorded, UNRECORDED).toString());
  }

  @Test
  void theTableOfReleasesMatchesTheCode() throws IOException {
    assertUpToDate(RELEASES, new ReleasesTable().toString());
  }

  /**
   * Reports the first line that differs. With {@code -Ddocs.update}, the document is rewritten
   * first.
   */
  private static void assertUpToDate(Path path, String generated) throws IOException {
    if (System.getProperty("docs.update") != null) {
      Files.writeString(path, generated);
    }
    var made = generated.lines().toList();
    var document = Files.readAllLines(path);
    for (int i = 0; i < Math.max(made.size(), document.size()); i++) {
      assertEquals(
          i < made.size() ? made.get(i) : "",
          i < document.size() ? document.get(i) : "",
          "line %s of docs/%s is out of date; CONTRIBUTING.md explains how to regenerate it"
              .formatted(i + 1, path.getFileName()));
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
