package ai.transonnx.verification.report;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ReportJUnitTest {
  @ParameterizedTest
  @MethodSource("ai.transonnx.verification.report.SampleReport#all")
  void theXmlIsValid(VerificationReport report) throws Exception {
    var schema =
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
            .newSchema(ReportJUnitTest.class.getResource("junit.xsd"));
    var text = ReportJUnit.text(report);
    assertDoesNotThrow(
        () -> schema.newValidator().validate(new StreamSource(new StringReader(text))), text);
  }

  @Test
  void aRuntimeIsASuiteAndACallIsATestCase() throws Exception {
    var report = SampleReport.passing();
    var suites = elements(parse(report), "testsuite");
    assertEquals("structure", suites.get(0).getAttribute("name"));
    for (int i = 0; i < report.runners().size() - 1; i++) {
      var runner = report.runners().get(i);
      var suite = suites.get(i + 1);
      assertEquals(runner.name(), suite.getAttribute("name"));
      assertEquals("0", suite.getAttribute("failures"));
      assertEquals(
          runner.calls().stream().map(RunnerReport.CallReport::label).toList(),
          names(elements(suite, "testcase")));
    }
  }

  @Test
  void callsOfMissingRuntimesAreSkipped() throws Exception {
    var suite = suite(SampleReport.passing(), "web-webgpu");
    assertEquals("6", suite.getAttribute("tests"));
    assertEquals("6", suite.getAttribute("skipped"));
    var skipped = elements(suite, "skipped").get(0);
    assertTrue(skipped.getTextContent().contains("apt-get install chromium"));
  }

  @Test
  void callsThatARuntimeDidNotReachAreErrors() throws Exception {
    var suite = suite(SampleReport.failing(), "exec:./build/my-runner --fast");
    assertEquals("6", suite.getAttribute("errors"));
    assertTrue(elements(suite, "error").get(0).getAttribute("message").contains("exit code 139"));
  }

  @Test
  void aFailureSaysByHowMuchAndWhereItBegins() throws Exception {
    var suite = suite(SampleReport.failing(), "node");
    var failure = elements(suite, "failure").get(0).getTextContent();
    assertTrue(failure.contains("times the tolerance"), failure);
    assertTrue(failure.contains("Softmax in attn_layers.layers.10.1.attend"), failure);
    assertTrue(failure.contains("repro/node-softmax"), failure);
  }

  @Test
  void hostileTextsStayTexts() throws Exception {
    var root = parse(SampleReport.hostile());
    assertEquals(0, root.getElementsByTagName("script").getLength());
  }

  private static Element suite(VerificationReport report, String name) throws Exception {
    return elements(parse(report), "testsuite").stream()
        .filter(suite -> suite.getAttribute("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(List<Element> elements) {
    return elements.stream().map(element -> element.getAttribute("name")).toList();
  }

  private static Element parse(VerificationReport report) throws Exception {
    var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    var source = new InputSource(new StringReader(ReportJUnit.text(report)));
    return builder.parse(source).getDocumentElement();
  }

  private static List<Element> elements(Element parent, String name) {
    var nodes = parent.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }
}
