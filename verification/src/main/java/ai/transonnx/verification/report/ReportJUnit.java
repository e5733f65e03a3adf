package ai.transonnx.verification.report;

import ai.transonnx.InputException;
import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.ReportFile;
import ai.transonnx.verification.report.JUnitSuite.Kind;
import ai.transonnx.verification.report.JUnitSuite.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Reports in the XML of JUnit's results that build servers read, by Surefire's schema. A runtime is
 * a test suite, and a call is a test case; those of missing runtimes are skipped. The check of the
 * structure is a suite of its own.
 *
 * <p>Has no state, so threads may share it.
 */
public final class ReportJUnit {
  private ReportJUnit() {}

  /**
   * Writes a report to a file, which replaces an existing one when it is complete.
   *
   * @throws InputException if the file cannot be written
   */
  public static void write(VerificationReport report, Path file) {
    ReportFile.write(file, writer -> writer.write(text(report)));
  }

  /** A report as XML. */
  public static String text(VerificationReport report) {
    var suites = JUnitSuite.of(report);
    var xml = new Markup().trusted("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").line();
    xml.open("testsuites").attribute("name", "verify " + report.model().file());
    attributes(xml, suites);
    for (var suite : suites) {
      xml.line().open("testsuite").attribute("name", suite.name());
      attributes(xml, List.of(suite));
      writeContent(xml, suite);
      xml.line().close();
    }
    return xml.line().close().line().toString();
  }

  private static void attributes(Markup xml, List<JUnitSuite> suites) {
    double seconds = suites.stream().mapToDouble(JUnitSuite::seconds).sum();
    xml.attribute("time", time(seconds));
    xml.attribute("tests", sum(suites.stream().mapToLong(suite -> suite.cases().size())));
    xml.attribute("errors", sum(suites.stream().mapToLong(suite -> suite.count(Kind.ERROR))));
    xml.attribute("skipped", sum(suites.stream().mapToLong(suite -> suite.count(Kind.SKIPPED))));
    xml.attribute("failures", sum(suites.stream().mapToLong(suite -> suite.count(Kind.FAILURE))));
  }

  private static String sum(LongStream counts) {
    return Long.toString(counts.sum());
  }

  private static void writeContent(Markup xml, JUnitSuite suite) {
    xml.line().open("properties");
    suite
        .properties()
        .forEach(
            (name, value) ->
                xml.line()
                    .open("property")
                    .attribute("name", name)
                    .attribute("value", value)
                    .close());
    xml.line().close();
    for (var test : suite.cases()) {
      xml.line().open("testcase").attribute("name", test.name());
      // Readers take the part before the last dot for a package.
      xml.attribute("classname", "transonnx.verify." + suite.name().replace('.', '_'));
      xml.attribute("time", time(test.seconds()));
      if (test.problem() != null) {
        write(xml, test.problem());
      }
      xml.close();
    }
  }

  private static void write(Markup xml, Problem problem) {
    xml.open(problem.kind().element()).attribute("message", problem.message());
    if (problem.kind() != Kind.SKIPPED) {
      xml.attribute("type", problem.kind() == Kind.FAILURE ? "Difference" : "RunnerError");
    }
    xml.text(problem.text()).close();
  }

  /** Surefire's schema allows digits, and three of them after the point. */
  private static String time(double seconds) {
    return Double.isFinite(seconds) ? String.format(Locale.ROOT, "%.3f", seconds) : "0.000";
  }
}
