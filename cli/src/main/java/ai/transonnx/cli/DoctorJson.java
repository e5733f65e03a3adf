package ai.transonnx.cli;

import ai.transonnx.runtime.diagnosis.MachineDiagnosis;
import ai.transonnx.runtime.diagnosis.ModelDiagnosis;
import ai.transonnx.runtime.diagnosis.ProviderDiagnosis;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** A diagnosis as JSON. Sizes are in bytes; values that the system does not report are absent. */
final class DoctorJson {
  private static final JsonMapper JSON = new JsonMapper();

  private DoctorJson() {}

  static String of(
      MachineDiagnosis machine, ProviderDiagnosis requested, List<ModelDiagnosis> models) {
    var root = JSON.createObjectNode();
    machine.runtime().ifPresent(version -> root.put("runtime", version));
    machine.irVersion().ifPresent(version -> root.put("ir_version", version));
    machine.opset().ifPresent(opset -> root.put("opset", opset));
    root.put("java", machine.java()).put("system", machine.system());
    root.put("processors", machine.processors()).put("heap_limit", machine.heapLimit());
    machine.installedMemory().ifPresent(bytes -> root.put("installed_memory", bytes));
    machine.availableMemory().ifPresent(bytes -> root.put("available_memory", bytes));
    root.put("huge_pages", machine.hugePages().name().toLowerCase(Locale.ROOT));
    root.put("telemetry", machine.telemetry().name().toLowerCase(Locale.ROOT));
    var devices = root.putArray("devices");
    machine.providers().forEach(provider -> device(devices.addObject(), provider));
    device(root.putObject("requested"), requested);
    var list = root.putArray("models");
    models.forEach(model -> model(list.addObject(), model));
    return root.toPrettyString() + System.lineSeparator();
  }

  private static void device(ObjectNode node, ProviderDiagnosis provider) {
    node.put("device", provider.device()).put("loads", provider.loads());
    if (!provider.loads()) {
      node.put("reason", provider.reason());
    }
  }

  private static void model(ObjectNode node, ModelDiagnosis model) {
    node.put("file", model.file().toString()).put("runs", model.runs());
    if (!model.device().isEmpty()) {
      node.put("device", model.device());
    }
    if (!model.runs()) {
      node.put("problem", model.problem());
    }
    var peaks = node.putArray("peak_memory");
    for (var peak : model.peaks()) {
      peaks
          .addObject()
          .put("length", peak.length())
          .put("bytes", peak.bytes())
          .put("measured", peak.measured());
    }
  }
}
