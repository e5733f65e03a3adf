package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.VerificationReport;
import ai.transonnx.verification.runner.RunnerFingerprint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What exactly ran: the fingerprints of the runtimes and of the model. */
record RuntimeSection(VerificationReport report) implements Section {
  private static final List<String> TITLES =
      List.of("Runtime", "Result", "Version", "Provider", "Time", "Properties");

  @Override
  public String id() {
    return "runtimes";
  }

  @Override
  public String title() {
    return "Runtimes";
  }

  @Override
  public void write(Markup html) {
    var common = common();
    if (!common.isEmpty()) {
      html.element("p", "lede", "Common to all runtimes:");
      html.open("dl", "facts").line();
      common.forEach(
          (name, value) ->
              html.open("div").element("dt", name).element("dd", value).closeTag().line());
      html.closeTag().line();
    }
    var caption = "Fingerprints of the runtimes";
    Tables.scroll(
        html,
        "scroll",
        caption,
        () -> {
          Tables.open(html, "plain runtimes", caption);
          Tables.head(html, TITLES);
          html.open("tbody").line();
          for (int i = 0; i < report.runners().size(); i++) {
            write(html, report.runners().get(i), i, common);
          }
          html.closeTag().closeTag();
        });
  }

  /** The properties that all runtimes have with equal values, if there are several runtimes. */
  private Map<String, String> common() {
    var fingerprints =
        report.runners().stream()
            .map(RunnerReport::fingerprint)
            .filter(Objects::nonNull)
            .map(RunnerFingerprint::properties)
            .toList();
    if (fingerprints.size() < 2) {
      return Map.of();
    }
    var common = new LinkedHashMap<>(fingerprints.get(0));
    fingerprints.forEach(properties -> common.entrySet().retainAll(properties.entrySet()));
    return common;
  }

  private static void write(
      Markup html, RunnerReport runner, int index, Map<String, String> common) {
    html.open("tr").attribute("id", "runtime-" + index);
    Tables.rowHeader(html, runner.name());
    html.open("td");
    switch (runner.status()) {
      case PASSED -> html.element("span", "mark within", "✓");
      case FAILED -> html.element("span", "mark over", "✗");
      case MISSING -> html.element("span", "mark", "–");
    }
    html.text(" " + runner.status().label());
    boolean isInHeader = runner.status() == Status.FAILED && runner.divergence() == null;
    if (runner.message() != null && !isInHeader) {
      html.open("div", "message").text(runner.message()).closeTag();
    }
    if (runner.install() != null) {
      html.open("div", "message").text("Install: ").element("code", runner.install()).closeTag();
    }
    html.closeTag();
    var fingerprint = runner.fingerprint();
    if (fingerprint == null) {
      html.element("td", "–").element("td", "–");
    } else {
      html.element("td", fingerprint.runtime() + " " + fingerprint.version());
      html.element("td", fingerprint.provider());
    }
    html.element("td", "time", runner.calls().isEmpty() ? "–" : Numbers.seconds(runner.seconds()));
    html.open("td", "properties");
    if (fingerprint != null) {
      fingerprint.properties().forEach((name, value) -> writeProperty(html, name, value, common));
    }
    html.closeTag().closeTag().line();
  }

  private static void writeProperty(
      Markup html, String name, String value, Map<String, String> common) {
    if (!common.containsKey(name)) {
      html.open("div").element("span", "key", name).text(" " + value).closeTag();
    }
  }
}
