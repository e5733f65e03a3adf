package ai.transonnx.verification.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportJsonTest {
  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @MethodSource("ai.transonnx.verification.report.SampleReport#all")
  void aReportIsReadAsItWasWritten(VerificationReport report) throws IOException {
    var file = folder.resolve("report.json");
    ReportJson.write(report, file);
    assertEquals(report, ReportJson.read(file));
    assertEquals(Files.readString(file), ReportJson.text(report));
  }

  @Test
  void aTensorThatRoundingDecidesIsUndecided() {
    var report = SampleReport.undecided();
    var text = ReportJson.text(report);
    assertTrue(text.contains("\"UNDECIDED\""), text);
    assertTrue(report.passed());
    var summary = report.summary();
    assertTrue(summary.contains("logits in prefill; 1 value undecided: rounding"), summary);
  }

  @Test
  void numbersThatAreNotFiniteAreStrings() {
    var text = ReportJson.text(SampleReport.mismatched());
    assertTrue(text.contains("\"ratio\" : \"Infinity\""), text);
    assertTrue(text.contains("\"actual\" : \"NaN\""), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"seed\" : 7 | \"seed\" : 7.5 | seed: a number is given; a whole number is needed",
        "\"seed\" : 7 | \"seed\" : 99999999999999999999 | seed: the number is too large",
        "\"opset\" : 22 | \"opset\" : 4294967296 | model.opset: the number is too large",
        "\"opset\" : 22 | \"opset\" : null | model.opset: null is given; a whole number is needed",
        "\"factor\" : 6.0 | \"factor\" : \"6\" | factor: the value is '6'; a number, \"Infinity\"",
        "\"factor\" : 6.0 | \"factor\" : true | factor: a truth value is given; a number is needed",
        "\"TRUTH\" | \"truth\" | reference.kind: the value is 'truth'; allowed are TRUTH,"
            + " AGREEMENT",
        "\"seed\" | \"seeds\" | seeds: this field is unknown",
        "\"status\" : \"PASSED\", | '' | runners[0].status: this field is missing",
        "\"name\" : \"cpu:all\" | \"name\" : [ ] | runners[1].name: a list is given; a text is"
            + " needed",
        "\"calls\" : [ { | \"calls\" : [ 3, { | calls[0]: a number is given; an object is needed",
        "\"format\" : 1 | \"format\" : 2 | format: the version is 2; this program reads version 1",
        "\"format\" : 1 | \"format\" : \"1\" | format: the version must be a whole number",
        "\"format\" : 1, | '' | format: this field is missing",
        "\"seed\" : 7, | \"seed\" : 7, \"seed\" : 8, | not JSON",
        "\"seed\" : 7, | \"seed\" : 7 | not JSON",
      })
  void aMalformedReportIsRefusedWithItsFileAndField(String old, String changed, String message)
      throws IOException {
    var text = ReportJson.text(SampleReport.passing());
    assertTrue(text.contains(old), old);
    assertRefused(text.replaceFirst(Pattern.quote(old), changed), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "3", "{}", "{\"format\": 1}", "{\"format\":", "\u0000"})
  void aFileThatIsNoReportIsRefused(String text) throws IOException {
    assertRefused(text, "");
  }

  @Test
  void textAfterTheReportIsRefused() throws IOException {
    assertRefused(ReportJson.text(SampleReport.passing()) + " {}", "unexpected text");
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    assertRefused("{\"x\": " + "[".repeat(1_000_000), "not JSON");
  }

  @Test
  void aMissingFileIsNamed() {
    var file = folder.resolve("missing.json");
    var error = assertThrows(InputException.class, () -> ReportJson.read(file));
    assertEquals(file + ": no such file", error.getMessage());
  }

  @Test
  void aFolderThatDoesNotExistIsReported() {
    var file = folder.resolve("missing").resolve("report.json");
    var error =
        assertThrows(InputException.class, () -> ReportJson.write(SampleReport.passing(), file));
    assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
  }

  private void assertRefused(String text, String message) throws IOException {
    var file = Files.writeString(folder.resolve("bad.json"), text);
    var error = assertThrows(InputException.class, () -> ReportJson.read(file));
    var expected = file + ": " + message;
    assertTrue(error.getMessage().startsWith(expected), error.getMessage());
    assertEquals(1, error.getMessage().lines().count());
  }
}
