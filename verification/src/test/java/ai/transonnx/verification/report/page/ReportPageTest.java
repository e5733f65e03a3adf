package ai.transonnx.verification.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.Baseline;
import ai.transonnx.verification.report.SampleReport;
import ai.transonnx.verification.report.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReportPageTest {
  /** Elements that load, run, submit or embed something. */
  private static final Set<String> ACTIVE =
      Set.of("script", "img", "iframe", "object", "embed", "link", "base", "form", "image", "use");

  @ParameterizedTest
  @MethodSource("ai.transonnx.verification.report.SampleReport#all")
  void hostileTextsStayTexts(VerificationReport report) throws Exception {
    var page = PageDocument.of(report);
    assertInactive(page);
    assertInactive(PageDocument.of(ReportPage.html(report, Baseline.compare(report, report))));
    var other = Baseline.compare(SampleReport.small(), report);
    assertInactive(PageDocument.of(ReportPage.html(report, other)));
  }

  private static void assertInactive(PageDocument page) {
    for (var element : page.elements("*")) {
      assertFalse(ACTIVE.contains(element.getTagName()), element.getTagName());
    }
    page.attributes()
        .forEach(
            attribute -> {
              assertFalse(attribute.getName().startsWith("on"), attribute.getName());
              assertFalse(attribute.getName().equals("style"), "the policy ignores it");
            });
  }

  @ParameterizedTest
  @MethodSource("ai.transonnx.verification.report.SampleReport#all")
  void nothingIsLoadedAndLinksStayInThePage(VerificationReport report) throws Exception {
    var page = PageDocument.of(report);
    var ids = ids(page);
    page.attributes()
        .filter(attribute -> attribute.getName().matches("href|src|.*:href|action|data"))
        .forEach(
            link -> {
              assertEquals("href", link.getName());
              assertTrue(ids.contains(link.getValue().substring(1)), link.getValue());
            });
    var html = ReportPage.html(report);
    assertTrue(Stream.of("://", "url(", "@import").noneMatch(html::contains));
  }

  private static List<String> ids(PageDocument page) {
    return page.attributes()
        .filter(attribute -> attribute.getName().equals("id"))
        .map(attribute -> attribute.getValue())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("ai.transonnx.verification.report.SampleReport#all")
  void identifiersAreUnique(VerificationReport report) throws Exception {
    var ids = ids(PageDocument.of(report));
    assertEquals(ids.size(), Set.copyOf(ids).size());
  }

  @ParameterizedTest
  @MethodSource("ai.transonnx.verification.report.SampleReport#all")
  void tablesHaveCaptionsAndHeaders(VerificationReport report) throws Exception {
    for (var table : PageDocument.of(report).elements("table")) {
      assertEquals(1, PageDocument.elements(table, "caption").size());
      for (var header : PageDocument.elements(table, "th")) {
        assertTrue(header.getAttribute("scope").matches("row|col"));
      }
      for (var row : PageDocument.elements(table, "tr")) {
        assertFalse(PageDocument.elements(row, "th").isEmpty());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ai.transonnx.verification.report.SampleReport#all")
  void drawingsHaveAnEquivalentInWords(VerificationReport report) throws Exception {
    for (var drawing : PageDocument.of(report).elements("svg")) {
      boolean isPart = drawing.getParentNode().getNodeName().equals("svg");
      boolean isHidden = drawing.getAttribute("aria-hidden").equals("true");
      boolean isDescribed = !drawing.getAttribute("aria-label").isEmpty();
      assertTrue(isPart || isHidden || isDescribed);
    }
  }

  @Test
  void thePolicyAllowsTheStyleSheetAlone() throws Exception {
    var page = PageDocument.of(SampleReport.small());
    var css = page.elements("style").get(0).getTextContent();
    var hash = MessageDigest.getInstance("SHA-256").digest(css.getBytes(StandardCharsets.UTF_8));
    var policy =
        page.elements("meta").stream()
            .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
            .findFirst()
            .orElseThrow()
            .getAttribute("content");
    assertEquals(
        "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'"
            .formatted(Base64.getEncoder().encodeToString(hash)),
        policy);
  }

  @Test
  void theFirstPartOfThePageNamesTheFirstWrongLayer() throws Exception {
    var header = PageDocument.of(SampleReport.failing()).elements("header").get(0);
    var text = header.getTextContent();
    assertTrue(text.contains("Failed on 2 of 8 runtimes"), text);
    assertTrue(
        text.contains("The error begins in attn_layers.layers.10.1.attend, operator Softmax"),
        text);
  }

  @Test
  void theListOfLayersIsOpenAtTheFirstWrongOne() throws Exception {
    var open =
        PageDocument.of(SampleReport.failing()).elements("details").stream()
            .filter(details -> details.getAttribute("class").equals("first"))
            .toList();
    assertEquals(1, open.size());
    assertTrue(open.get(0).hasAttribute("open"));
    assertTrue(open.get(0).getTextContent().contains("attn_layers.layers.10"));
  }

  @Test
  void runtimesWithTheSameFaultAreOneFinding() throws Exception {
    var header = PageDocument.of(SampleReport.large()).elements("header").get(0);
    assertEquals(1, PageDocument.elements(header, "li").size());
    assertTrue(header.getTextContent().contains("ort-java:1.11.0, ort-java:1.12.0"));
  }

  @Test
  void aTensorThatRoundingDecidesHasAWordAndASign() throws Exception {
    var page = PageDocument.of(SampleReport.undecided());
    var cells =
        page.elements("td").stream()
            .filter(cell -> cell.getAttribute("class").contains("undecided"))
            .toList();
    assertEquals(List.of("? undecided"), cells.stream().map(c -> c.getTextContent()).toList());
    var header = page.elements("header").get(0).getTextContent();
    assertTrue(header.contains("Undecided tensors? 1"), header);
  }

  @Test
  void aWrongStructureIsAFailure() throws Exception {
    var header = PageDocument.of(SampleReport.wrongStructure()).elements("header").get(0);
    assertTrue(header.getTextContent().contains("Not the model that its metadata describe"));
  }

  @Test
  void theDriftSinceAnEarlierReportIsASection() throws Exception {
    var baseline = Baseline.compare(SampleReport.earlier(), SampleReport.failing());
    var page = PageDocument.of(ReportPage.html(SampleReport.failing(), baseline));
    var text =
        page.elements("section").stream()
            .filter(section -> section.getAttribute("id").equals("drift"))
            .findFirst()
            .orElseThrow()
            .getTextContent();
    for (var part : List.of("2026-10-02 08:00 UTC", "seed", "1.29.0", "1.30.0", "✗ 105")) {
      assertTrue(text.contains(part), part);
    }
  }

  @Test
  void aLargeReportHasAFewMegabytes() {
    assertTrue(ReportPage.html(SampleReport.large()).length() < 3_000_000);
  }

  @Test
  void everyNumberAndTextOfASmallReportIsOnThePage() throws Exception {
    var report = SampleReport.small();
    var text = PageDocument.of(report).text();
    var values = new ArrayList<>();
    collect(report, values);
    assertTrue(values.size() > 500);
    var missing =
        values.stream().filter(value -> forms(value).noneMatch(text::contains)).distinct().toList();
    assertEquals(List.of(), missing);
  }

  private static void collect(Object value, List<Object> values) throws Exception {
    if (value instanceof Record) {
      for (var component : value.getClass().getRecordComponents()) {
        var content = component.getAccessor().invoke(value);
        if (content != null && !component.getName().equals("format")) {
          collect(content, values);
        }
      }
    } else if (value instanceof List<?> list) {
      var isIndex = list.stream().allMatch(Long.class::isInstance);
      if (isIndex) {
        values.add(list);
      } else {
        for (var element : list) {
          collect(element, values);
        }
      }
    } else if (value instanceof Map<?, ?> map) {
      values.addAll(map.keySet());
      values.addAll(map.values());
    } else if (!(value instanceof Enum)) {
      values.add(value);
    }
  }

  /** The ways in which the page may show a value. */
  private static Stream<String> forms(Object value) {
    if (value instanceof Double number) {
      return Stream.of(
          Numbers.of(number),
          Numbers.column(number),
          Numbers.precise(number),
          Numbers.seconds(number),
          Words.times(number));
    }
    if (value instanceof Number number) {
      return Stream.of(
          number.toString(), Numbers.count(number.longValue()), Numbers.bytes(number.longValue()));
    }
    return Stream.of(value.equals(List.of()) ? "[]" : value.toString());
  }

  @Test
  void thePageIsWrittenToAFile(@TempDir Path folder) throws Exception {
    var file = folder.resolve("report.html");
    ReportPage.write(SampleReport.small(), file);
    assertEquals(ReportPage.html(SampleReport.small()), Files.readString(file));
  }
}
