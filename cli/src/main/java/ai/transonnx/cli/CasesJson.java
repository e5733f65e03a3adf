package ai.transonnx.cli;

import ai.transonnx.export.ToolVersion;
import ai.transonnx.verification.CaseReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** The verification of golden cases as JSON. Has no state. */
final class CasesJson {
  private static final int FORMAT = 1;

  private CasesJson() {}

  static JsonNode of(List<CaseReport> reports) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT).put("tool", Transonnx.NAME + " " + ToolVersion.current());
    json.put("agree", reports.stream().allMatch(CaseReport::agrees));
    var cases = json.putArray("cases");
    for (var report : reports) {
      var one = cases.addObject().put("name", report.name()).put("agrees", report.agrees());
      one.put("checks", report.checks()).put("undecided", report.undecided());
      one.put("share_of_tolerance", report.share());
      var failures = one.putArray("failures");
      report.failures().forEach(failures::add);
    }
    return json;
  }
}
