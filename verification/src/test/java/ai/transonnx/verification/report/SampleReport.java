package ai.transonnx.verification.report;

import ai.transonnx.verification.report.RunnerReport.CallReport;
import ai.transonnx.verification.report.RunnerReport.StateSource;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.TensorReport.MagnitudeBin;
import ai.transonnx.verification.report.VerificationReport.CallInputs;
import ai.transonnx.verification.report.VerificationReport.ModelIdentity;
import ai.transonnx.verification.report.VerificationReport.Reference;
import ai.transonnx.verification.report.VerificationReport.Run;
import ai.transonnx.verification.runner.RunnerFingerprint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;

/** Made-up reports that look like those of real runs: numbers are random, but always the same. */
public final class SampleReport {
  private static final String[] RUNTIMES = {
    "cpu:none",
    "cpu:all",
    "cpu:threads=1",
    "ort-java:1.21.1",
    "djl",
    "node",
    "web-wasm",
    "python",
    "onnx-reference",
    "exec:./build/my-runner --fast",
  };

  private SampleReport() {}

  /** All of them except for the large one, with their names. */
  public static Stream<Named<VerificationReport>> all() {
    return Stream.of(
        Named.of("small", small()),
        Named.of("passing", passing()),
        Named.of("failing", failing()),
        Named.of("wrong structure", wrongStructure()),
        Named.of("mismatched", mismatched()),
        Named.of("undecided", undecided()),
        Named.of("hostile", hostile()));
  }

  /** Every runtime passes, and one is not installed. */
  public static VerificationReport passing() {
    var runners = new ArrayList<RunnerReport>();
    for (int i = 0; i < 6; i++) {
      runners.add(runner(RUNTIMES[i], i, 6, SampleTensors.outputs(2)));
    }
    runners.add(missing());
    return report(runners, 6, rightStructure());
  }

  /** A report of few tensors, of which every form shows everything. */
  public static VerificationReport small() {
    var right = runner("cpu:all", 1, 2, SampleTensors.outputs(1));
    var wrong = faulty("node", runner("node", 2, 2, List.of("logits")));
    return report(List.of(right, wrong, missing()), 2, rightStructure());
  }

  /** A decoder of 12 layers whose attention is wrong in layer 5, on one of the runtimes. */
  public static VerificationReport failing() {
    var runners = new ArrayList<RunnerReport>();
    for (int i = 0; i < 7; i++) {
      var tensors = SampleTensors.outputs(i == 5 ? 12 : 4);
      runners.add(
          i == 5
              ? faulty(RUNTIMES[i], runner(RUNTIMES[i], i, 6, tensors))
              : runner(RUNTIMES[i], i, 6, tensors));
    }
    runners.add(missing());
    runners.add(stopped());
    return report(runners, 6, rightStructure());
  }

  /** {@link #failing} before node was updated; it had another runtime, and fewer tensors. */
  public static VerificationReport earlier() {
    var runners = new ArrayList<RunnerReport>();
    for (int i = 0; i < 5; i++) {
      runners.add(runner(RUNTIMES[i], i == 3 ? 33 : i, 6, SampleTensors.outputs(4)));
    }
    var node = runner("node", 5, 6, SampleTensors.outputs(12));
    var version =
        new RunnerFingerprint("onnxruntime-node", "1.29.0", "cpu", Map.of("threads", "2"));
    runners.add(
        new RunnerReport(
            "node", Status.PASSED, null, null, version, node.calls(), null, node.seconds()));
    runners.add(runner("python", 8, 6, SampleTensors.outputs(4)));
    var report = report(runners, 6, rightStructure());
    return new VerificationReport(
        report.format(),
        new Run("transonnx 0.0.9", "2026-10-02T08:00:00Z", null),
        report.model(),
        report.reference(),
        report.structure(),
        report.calls(),
        report.runners(),
        6,
        report.factor());
  }

  /** 20 runtimes, 60 calls, 200 tensors; two runtimes have the same fault. */
  public static VerificationReport large() {
    var right = runner("cpu:all", 1, 60, SampleTensors.outputs(99));
    var wrong = faulty("node", right);
    var runners = new ArrayList<RunnerReport>();
    for (int i = 0; i < 20; i++) {
      var name = i < RUNTIMES.length ? RUNTIMES[i] : "ort-java:1.%s.0".formatted(i);
      runners.add(named(name, i == 11 || i == 12 ? wrong : right));
    }
    return report(runners, 60, rightStructure());
  }

  private static RunnerReport named(String name, RunnerReport runner) {
    return new RunnerReport(
        name,
        runner.status(),
        null,
        null,
        fingerprint(name),
        runner.calls(),
        runner.divergence(),
        runner.seconds());
  }

  /** The file is not the model that its metadata describe. */
  public static VerificationReport wrongStructure() {
    var structure =
        new StructureReport(
            "TransformerWrapper of x-transformers 2.3.1 with the file's weights",
            0.0213,
            1e-9,
            SampleDivergence.at(3));
    return report(List.of(runner("cpu:all", 1, 3, SampleTensors.outputs(1))), 3, structure);
  }

  /** A runtime returns a tensor of another shape, and one with NaN. */
  public static VerificationReport mismatched() {
    var shape =
        new TensorReport(
            "logits",
            "float32",
            List.of(2L, 16L),
            3.25,
            null,
            1e-7,
            6e-7,
            Double.POSITIVE_INFINITY,
            TensorReport.Status.FAILED,
            "the shape is [2, 15]; [2, 16] is expected",
            List.of(),
            List.of());
    var notANumber =
        new TensorReport(
            "loss",
            "float32",
            List.of(),
            5.5,
            Double.NaN,
            2e-7,
            12e-7,
            Double.POSITIVE_INFINITY,
            TensorReport.Status.FAILED,
            null,
            List.of(new TensorReport.Element(List.of(), 5.5, Double.NaN)),
            List.of());
    var call = new CallReport("prefill", null, 0.5, List.of(shape, notANumber));
    return report(List.of(failed("djl", List.of(call), null)), 1, null);
  }

  /** Rounding decides one of two tensors. */
  public static VerificationReport undecided() {
    var chosen =
        new TensorReport(
            "routed",
            "float32",
            List.of(2L, 16L),
            3.25,
            1.5,
            3.5,
            Double.POSITIVE_INFINITY,
            0,
            TensorReport.Status.UNDECIDED,
            null,
            List.of(),
            List.of());
    var logits = new SampleTensors(1, 1).all(List.of("logits")).get(0);
    var call = new CallReport("prefill", null, 0.5, List.of(logits, chosen));
    var runner =
        new RunnerReport(
            "djl", Status.PASSED, null, null, fingerprint("djl"), List.of(call), null, 2.5);
    return report(List.of(runner), 1, null);
  }

  /**
   * Every text is hostile: it tries to leave its element, attribute, line, or reading direction.
   */
  public static VerificationReport hostile() {
    var text = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;\u202E\u0000]]>\n";
    var tensor =
        new TensorReport(
            text,
            text,
            List.of(1L, -1L),
            Double.NaN,
            -1.0,
            Double.NaN,
            0,
            Double.POSITIVE_INFINITY,
            TensorReport.Status.FAILED,
            text,
            List.of(new TensorReport.Element(List.of(Long.MAX_VALUE), Double.MAX_VALUE, -0.0)),
            List.of(
                new MagnitudeBin(Integer.MIN_VALUE, -1, Double.NaN, Double.NEGATIVE_INFINITY),
                new MagnitudeBin(Integer.MAX_VALUE, Long.MAX_VALUE, 1e300, 1e-300)));
    var value =
        new Divergence.ValueError(text, text, text, Double.NaN, -1, 0, Double.NEGATIVE_INFINITY);
    var divergence =
        new Divergence(text, text, text, text, text, 1, 0, text, List.of(value, value), text);
    var call = new CallReport(text, StateSource.OWN, Double.NaN, List.of(tensor));
    var runner =
        new RunnerReport(
            text,
            Status.FAILED,
            text,
            text,
            new RunnerFingerprint(text, text, text, Map.of(text, text)),
            List.of(call),
            divergence,
            Double.POSITIVE_INFINITY);
    return new VerificationReport(
        VerificationReport.FORMAT,
        new Run(text, text, text),
        new ModelIdentity(text, text, Long.MAX_VALUE, text, Integer.MAX_VALUE, text, -1, -1),
        new Reference(Reference.Kind.AGREEMENT, text),
        new StructureReport(text, Double.NaN, 0, divergence),
        List.of(new CallInputs(text, text, text)),
        List.of(runner),
        Long.MIN_VALUE,
        Double.NaN);
  }

  private static VerificationReport report(
      List<RunnerReport> runners, int calls, @Nullable StructureReport structure) {
    var names = IntStream.range(0, calls).mapToObj(SampleReport::call).toList();
    return new VerificationReport(
        VerificationReport.FORMAT,
        new Run(
            "transonnx 0.1.0",
            "2026-11-29T15:40:00Z",
            "transonnx verify decoder-12.onnx --on cpu:*,node,python --seed 7"),
        new ModelIdentity(
            "models/decoder-12.onnx",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            151_982_113,
            "transonnx 0.1.0",
            22,
            "x-transformers TransformerWrapper",
            37_912_832,
            1943),
        new Reference(Reference.Kind.TRUTH, "the file's graph with its weights in float64"),
        structure,
        names,
        runners,
        7,
        6);
  }

  private static StructureReport rightStructure() {
    return new StructureReport(
        "TransformerWrapper of x-transformers 2.3.1 with the file's weights", 3.1e-13, 1e-9, null);
  }

  private static CallInputs call(int index) {
    var name = index == 0 ? "prefill" : "step " + index;
    var description =
        index == 0 ? "tokens [2, 16], empty state" : "tokens [2, 1], state of %s".formatted(index);
    return new CallInputs(name, description, Integer.toHexString(0x5eed + index).repeat(16));
  }

  private static RunnerReport runner(String name, int seed, int calls, List<String> tensors) {
    var reports = new ArrayList<CallReport>();
    for (int i = 0; i < calls; i++) {
      var random = new SampleTensors(seed * 1000L + i, 1);
      reports.add(
          new CallReport(
              call(i).name(),
              i == 0 ? null : StateSource.OWN,
              0.01 + i / 512.0,
              random.all(tensors)));
      if (i == calls - 1) {
        reports.add(
            new CallReport(call(i).name(), StateSource.REFERENCE, 0.0125, random.all(tensors)));
      }
    }
    return new RunnerReport(
        name, Status.PASSED, null, null, fingerprint(name), reports, null, 1.5 + seed);
  }

  /** The same runtime with a fault that all calls show. */
  private static RunnerReport faulty(String name, RunnerReport right) {
    var calls = new ArrayList<CallReport>();
    for (var call : right.calls()) {
      var names = call.tensors().stream().map(TensorReport::name).toList();
      var random = new SampleTensors(calls.size(), 148);
      calls.add(new CallReport(call.call(), call.state(), call.seconds(), random.all(names)));
    }
    return failed(name, calls, SampleDivergence.at(5));
  }

  private static RunnerReport failed(
      String name, List<CallReport> calls, @Nullable Divergence divergence) {
    return new RunnerReport(
        name, Status.FAILED, null, null, fingerprint(name), calls, divergence, 2.5);
  }

  private static RunnerReport missing() {
    return new RunnerReport(
        "web-webgpu",
        Status.MISSING,
        "chromium was not found in PATH",
        "apt-get install chromium",
        null,
        List.of(),
        null,
        0);
  }

  private static RunnerReport stopped() {
    return new RunnerReport(
        "exec:./build/my-runner --fast",
        Status.FAILED,
        "the process ended with exit code 139 while loading the model",
        null,
        fingerprint("my-runner"),
        List.of(),
        null,
        0.25);
  }

  private static RunnerFingerprint fingerprint(String name) {
    var properties = new LinkedHashMap<String, String>();
    properties.put("build", name.startsWith("ort-java") ? "git 8f7c" : "git 1d2e");
    properties.put("optimization", name.startsWith("cpu:none") ? "none" : "all");
    properties.put("threads", name.endsWith("=1") ? "1" : "2");
    properties.put("processor", "Intel Xeon 8481C, avx2 avx512f amx_bf16");
    properties.put("system", "Linux 6.1 x86_64");
    return new RunnerFingerprint(
        name.startsWith("node") ? "onnxruntime-node" : "onnxruntime",
        name.startsWith("ort-java:") ? name.substring(9) : "1.30.0",
        "CPUExecutionProvider",
        properties);
  }
}
