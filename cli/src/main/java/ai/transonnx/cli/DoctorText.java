package ai.transonnx.cli;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.runtime.Telemetry;
import ai.transonnx.runtime.diagnosis.HugePages;
import ai.transonnx.runtime.diagnosis.MachineDiagnosis;
import ai.transonnx.runtime.diagnosis.ModelDiagnosis;
import ai.transonnx.runtime.diagnosis.ProviderDiagnosis;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A diagnosis as text. */
final class DoctorText {
  private final StringBuilder text = new StringBuilder();
  private final OptionalLong available;

  private DoctorText(OptionalLong available) {
    this.available = available;
  }

  static String of(
      MachineDiagnosis machine, ProviderDiagnosis requested, List<ModelDiagnosis> models) {
    var text = new DoctorText(machine.availableMemory());
    text.add(machine, requested);
    if (machine.runtime().isPresent() && !requested.loads()) {
      text.line("requested:     %s: %s", requested.device(), requested.reason());
    }
    models.forEach(text::add);
    return text.text.toString();
  }

  private void add(MachineDiagnosis machine, ProviderDiagnosis requested) {
    machine
        .runtime()
        .ifPresentOrElse(
            version ->
                line(
                    "runtime:       ONNX Runtime %s, IR versions up to %s, opsets up to %s",
                    version, number(machine.irVersion()), number(machine.opset())),
            () -> line("runtime:       none: %s", requested.reason()));
    line("java:          %s, %s", machine.java(), machine.system());
    line("processors:    %s, the default number of threads of an operator", machine.processors());
    line(
        "memory:        %s installed, %s available, heap up to %s",
        bytes(machine.installedMemory()),
        bytes(machine.availableMemory()),
        bytes(machine.heapLimit()));
    line("huge pages:    %s", text(machine.hugePages()));
    line("telemetry:     %s", text(machine.telemetry()));
    if (machine.runtime().isPresent()) {
      line("devices:");
      machine.providers().forEach(this::add);
    }
  }

  private void add(ProviderDiagnosis provider) {
    line(
        "  %-12s %s",
        provider.device(), provider.loads() ? "loads" : "does not load: " + provider.reason());
  }

  private void add(ModelDiagnosis model) {
    line("model:         %s", model.file());
    line("  %s", model.runs() ? "runs on " + model.device() : "does not run: " + model.problem());
    if (model.runs() && model.peaks().isEmpty()) {
      line("  memory cannot be measured on this system");
    }
    for (var peak : model.peaks()) {
      line(
          "  %s %10s at peak, %s%s",
          peak.length() == 0 ? "     per call" : "length %6s".formatted(peak.length()),
          bytes(peak.bytes()),
          peak.measured() ? "measured" : "estimated",
          available.isPresent() && peak.bytes() > available.getAsLong()
              ? "; more than available"
              : "");
    }
  }

  private void line(String format, Object... values) {
    text.append(Printable.line(String.format(Locale.ROOT, format, values)))
        .append(System.lineSeparator());
  }

  private static String text(HugePages pages) {
    return switch (pages) {
      case ALWAYS -> "always";
      case REQUESTED -> "requested";
      case NOT_REQUESTED ->
          "not requested; models run faster if %s=%s is set before java starts"
              .formatted(HugePages.VARIABLE, HugePages.REQUEST);
      case NONE -> "none";
    };
  }

  private static String text(Telemetry telemetry) {
    return switch (telemetry) {
      case OFF -> "off";
      case PROCESSES ->
          "off for models; ONNX Runtime reports each process to Microsoft unless %s=%s is set before java starts"
              .formatted(Telemetry.VARIABLE, Telemetry.DISABLING);
    };
  }

  private static String number(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "unknown";
  }

  private static String bytes(OptionalLong bytes) {
    return bytes.isPresent() ? bytes(bytes.getAsLong()) : "unknown";
  }

  private static String bytes(long bytes) {
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
