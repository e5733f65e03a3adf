package ai.transonnx.cli;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.Weights;
import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.text.ByteText;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseReport;
import ai.transonnx.verification.Recording;
import ai.transonnx.verification.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code transonnx demo}. */
@Command(
    name = "demo",
    description = "Export, verify and run a trained model that is included in this program.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final List<String> FILES =
      List.of("case.json", "weights.safetensors", "io.safetensors");
  private static final String PROMPT = "And the LORD said unto ";
  private static final int LENGTH = 200;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private QuietOption quiet = new QuietOption();

  @Override
  public Integer call() throws IOException {
    try (var scratch = TemporaryFolder.create()) {
      var folder = Files.createDirectories(scratch.path().resolve("token-shift-gpt/bible"));
      for (var file : FILES) {
        try (InputStream content = DemoCommand.class.getResourceAsStream("/demo/" + file)) {
          Files.copy(Objects.requireNonNull(content), folder.resolve(file));
        }
      }
      return run(CaseFolder.read(folder), scratch.path());
    }
  }

  private int run(CaseFolder trained, Path scratch) throws IOException {
    var file = scratch.resolve("bible.onnx");
    doing("exporting the model");
    trained.export(GraphRequest.builder().incremental(true).build(), file);
    say(
        "Exported %s of %s, which was trained on the King James Bible: %.1f MB of weights in %s"
            + " to an ONNX file of %.1f MB, whose weights are float32.",
        trained.architecture().className(),
        trained.library().id(),
        Files.size(trained.weights()) / 1e6,
        types(trained.weights()),
        Files.size(file) / 1e6);

    doing("comparing it with the outputs of the Python library");
    var report = CaseReport.of(trained.path(), ModelOptions.defaults(), EmitOptions.STANDARD);
    say("Compared with the recorded outputs of the Python library: %s", report);
    if (!report.agrees()) {
      return ExitCode.FAILED;
    }
    doing("computing the loss of text that it has not been trained on");
    heldOutText(trained, scratch);
    doing("generating text");
    generatedText(file);
    return ExitCode.SUCCESS;
  }

  private void heldOutText(CaseFolder trained, Path scratch) {
    var step =
        trained.steps().stream().filter(s -> s.kind() == Step.Kind.LOSS).findFirst().orElseThrow();
    var file = scratch.resolve("loss.onnx");
    trained.export(CaseChecks.request(trained, step), file);
    try (var model = OnnxModel.load(file);
        var recording = Recording.open(trained.tensors())) {
      var loss = model.run(recording.inputs(step)).get("loss");
      say(
          "Held-out text: %.4f bits per character (recorded: %.4f).",
          loss.floats()[0] / Math.log(2), step.bitsPerCharacter().orElseThrow());
    }
  }

  private void generatedText(Path file) {
    try (var model = OnnxModel.load(file)) {
      var text = new ByteText(model.vocabulary().orElseThrow());
      var prompt = text.encode(PROMPT);
      var generator = Generator.of(model);
      var greedy = GenerationOptions.builder(LENGTH).greedy().build();
      say("Greedy: %s%s", PROMPT, text.decode(generator.generate(prompt, greedy).tokens(0)));
      var sampling = Sampling.builder().temperature(0.8).seed(7).build();
      var sampled = GenerationOptions.builder(LENGTH).selector(sampling).build();
      say("Sampled: %s%s", PROMPT, text.decode(generator.generate(prompt, sampled).tokens(0)));
    }
  }

  /** The types of the stored weights. */
  private static String types(Path weights) {
    try (var opened = Weights.open(weights)) {
      return opened.tensors().values().stream()
          .map(tensor -> tensor.elements().toString())
          .distinct()
          .collect(Collectors.joining(" and "));
    }
  }

  private void doing(String step) {
    quiet.note(spec, step);
  }

  private void say(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
