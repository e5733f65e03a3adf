package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import ai.transonnx.verification.Comparison;
import ai.transonnx.verification.Recording;
import ai.transonnx.verification.Step;
import ai.transonnx.verification.Tolerance;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.structure.ArchitectureTwin;
import ai.transonnx.verification.internal.structure.TwinWeights;
import ai.transonnx.verification.internal.twin.FloatTwin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Builds the architectures of exported files anew in float64. */
class ArchitectureTwinTest {
  private static final TwinWeights OF_FILE = new TwinWeights.OfFile();

  /** Constants are float32 in the twin of a float32 file, and exact in a float64 export. */
  private static final Tolerance ROUNDED_CONSTANTS = new Tolerance(0x1p-19);

  private static final Tolerance EQUAL = new Tolerance(1e-12);

  private static final Path CASES = Path.of("cases");

  @TempDir private Path scratch;

  private int folders;

  private Path folder() throws IOException {
    return Files.createDirectory(scratch.resolve("twin-" + folders++));
  }

  private ArchitectureTwin.Built twin(Path file, TwinWeights weights) throws IOException {
    var twin = ArchitectureTwin.of(ModelFile.read(file), weights, folder());
    return assertInstanceOf(ArchitectureTwin.Built.class, twin, twin.toString());
  }

  private static Map<String, Tensor> outputs(Path file, Map<String, Tensor> recorded) {
    return outputs(file, recorded, ModelMetadata.of(file, ModelFile.read(file).metadata()).state());
  }

  /** Optimizations that are safe in float64: ONNX Runtime fuses to operators without a kernel. */
  private static Map<String, Tensor> outputs(
      Path file, Map<String, Tensor> recorded, List<StateTensor> state) {
    var options =
        ModelOptions.builder().threads(1).optimisation(ModelOptions.Optimisation.BASIC).build();
    try (var model = OnnxModel.load(file, options)) {
      var inputs = new HashMap<String, Tensor>();
      for (var input : model.signature().inputs().values()) {
        var given = recorded.get(recordedName(input.name(), recorded));
        var tensor = given == null ? zeros(state, input.name(), batch(recorded)) : given;
        var type = input.type();
        inputs.put(input.name(), type.isFloatingPoint() ? tensor.as(type) : tensor);
      }
      return model.run(inputs).asMap();
    }
  }

  private static String recordedName(String input, Map<String, Tensor> recorded) {
    if (input.equals("tgt") && !recorded.containsKey(input)) {
      return "tokens";
    }
    return input.startsWith("past_") ? input.substring("past_".length()) : input;
  }

  private static int batch(Map<String, Tensor> recorded) {
    return (int) recorded.values().iterator().next().shape()[0];
  }

  private static Tensor zeros(List<StateTensor> state, String input, int batch) {
    return state.stream()
        .filter(pair -> pair.input().equals(input))
        .map(pair -> Tensor.zeros(pair, batch))
        .findAny()
        .orElseThrow(() -> new AssertionError(input + " is neither recorded nor state"));
  }

  private static void assertSame(
      Map<String, Tensor> expected, Map<String, Tensor> actual, Tolerance tolerance) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (name, tensor) -> {
          var comparison = Comparison.of(name, tensor, actual.get(name), tolerance);
          assertTrue(comparison.agrees(), comparison.description());
        });
  }

  /** Compares a twin of a file with another one of the same graph. */
  private interface Check {
    void run(CaseFolder folder, Step step, GraphRequest request) throws IOException;
  }

  /** The twins of a file with its own weights and with those of the case. */
  private void bothWeights(CaseFolder folder, Step step, GraphRequest request) throws IOException {
    var file = exported(folder, request);
    var inputs = inputs(folder, step);
    var checkpoint = new TwinWeights.Checkpoint(folder.weights());
    assertSame(
        outputs(twin(file, checkpoint).file(), inputs),
        outputs(twin(file, OF_FILE).file(), inputs),
        EQUAL);
  }

  /** The twin of a float32 or float64 file, and a float64 export. */
  private void export(CaseFolder folder, Step step, GraphRequest request) throws IOException {
    var emit = request.emit();
    var wide = request.toBuilder().emit(emit.withPrecision(Precision.FLOAT64)).build();
    var inputs = inputs(folder, step);
    assertSame(
        outputs(exported(folder, wide), inputs),
        outputs(twin(exported(folder, request), OF_FILE).file(), inputs),
        emit.precision() == Precision.FLOAT64 ? EQUAL : ROUNDED_CONSTANTS);
  }

  private Path exported(CaseFolder folder, GraphRequest request) throws IOException {
    var file = folder().resolve("model.onnx");
    folder.export(request, file);
    return file;
  }

  private static Map<String, Tensor> inputs(CaseFolder folder, Step step) {
    try (var recording = Recording.open(folder.tensors(), Precision.FLOAT64)) {
      return recording.inputs(step);
    }
  }

  private Stream<DynamicTest> tests(Path path, EmitOptions emit, Check check) {
    var folder = CaseFolder.read(path);
    return folder.steps().stream()
        .map(
            step ->
                DynamicTest.dynamicTest(
                    folder.name() + " step " + step.index(),
                    () -> {
                      var request = CaseChecks.request(folder, step).toBuilder().emit(emit).build();
                      check.run(folder, step, request);
                      if (step.kind() == Step.Kind.FORWARD
                          && folder.architecture().isIncremental(request)) {
                        var incremental = request.toBuilder().incremental(true).build();
                        check.run(folder, step, incremental);
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> twinsOfEachClassComputeTheFloat64Export() {
    return CaseTests.firstOfEachClass(CASES).stream()
        .flatMap(path -> tests(path, EmitOptions.STANDARD, this::export).limit(1));
  }

  @TestFactory
  Stream<DynamicTest> twinsOfFloat16FilesHaveTheRoundedWeightsOfTheCheckpoint() {
    var float16 = EmitOptions.STANDARD.withOpset(17).withPrecision(Precision.FLOAT16);
    return Stream.of("x-transformers/decoder", "token-shift-gpt/base")
        .flatMap(name -> tests(CASES.resolve(name), float16, this::bothWeights).limit(1));
  }

  @TestFactory
  Stream<DynamicTest> twinsOfFilesForOnnxRuntimeTakeTheirWeightsApart() {
    var target = EmitOptions.STANDARD.withTarget(Target.ONNXRUNTIME);
    return Stream.of("x-transformers/decoder", "x-transformers/encoder-decoder")
        .flatMap(name -> tests(CASES.resolve(name), target, this::bothWeights).limit(1));
  }

  /** The file's own graph, rewritten to float64, and the class built anew. */
  private void rewritten(CaseFolder folder, Step step, GraphRequest request) throws IOException {
    var file = ModelFile.read(exported(folder, request));
    var inputs = inputs(folder, step);
    var rewritten = file.write(FloatTwin.of(file.proto()), folder(), "rewritten");
    var twin = twin(file.file(), OF_FILE).file();
    var state = ModelMetadata.of(twin, ModelFile.read(twin).metadata()).state();
    assertSame(outputs(rewritten, inputs, state), outputs(twin, inputs, state), EQUAL);
  }

  @TestFactory
  Stream<DynamicTest> twoIndependentFormsInFloat64Agree() {
    var float16 = EmitOptions.STANDARD.withOpset(17).withPrecision(Precision.FLOAT16);
    return Stream.of(
            tests(CASES.resolve("x-transformers/decoder"), float16, this::rewritten).limit(1),
            tests(CASES.resolve("FLASH-pytorch/flash-causal"), float16, this::rewritten).limit(1),
            tests(CASES.resolve("token-shift-gpt/base"), EmitOptions.STANDARD, this::rewritten)
                .limit(1))
        .flatMap(tests -> tests);
  }

  /** Every fifth case. */
  private static Stream<Path> sample(Path cases) {
    var all = CaseFolder.below(cases);
    return IntStream.range(0, all.size()).filter(i -> i % 5 == 0).mapToObj(all::get);
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> twoIndependentFormsInFloat64AgreeInASampleOfCases() {
    return sample(CASES).flatMap(path -> tests(path, EmitOptions.STANDARD, this::rewritten));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> twinsOfASampleOfCasesComputeTheFloat64Export() {
    return Stream.of(CASES, Path.of("releases"))
        .flatMap(ArchitectureTwinTest::sample)
        .flatMap(path -> tests(path, EmitOptions.STANDARD, this::export));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> twinsOfASampleOfCasesHaveTheWeightsOfTheCheckpoint() {
    var emit = EmitOptions.STANDARD;
    return Stream.of(
            emit.withTarget(Target.ONNXRUNTIME).withOpset(20),
            emit.withPrecision(Precision.BFLOAT16),
            emit.withPrecision(Precision.FLOAT64))
        .flatMap(options -> sample(CASES).flatMap(path -> tests(path, options, this::bothWeights)));
  }

  private Path exported(String name, GraphRequest request) throws IOException {
    return exported(CaseFolder.read(CASES.resolve(name)), request);
  }

  @Test
  void aTwinHasTheSizesAndOutputsOfItsFile() throws IOException {
    var request =
        GraphRequest.builder()
            .inputs("tokens", "mask", "attn_mask:1ij")
            .outputs("logits", "attn")
            .batch(1)
            .length(7)
            .lastLogits(true)
            .build();
    var file = exported("x-transformers/decoder-mask", request);
    var twin = twin(file, OF_FILE);
    assertEquals(request.batch(), twin.request().batch());
    assertEquals(request.length(), twin.request().length());
    assertTrue(twin.request().lastLogits());
    var spec = ModelFile.read(twin.file());
    assertEquals(
        ModelFile.read(file).outputs().stream().map(TensorSpec::name).toList(),
        spec.outputs().stream().map(TensorSpec::name).toList());
    assertEquals(ElementType.FLOAT64, spec.outputs().get(0).type());
  }

  @Test
  void valuesHaveTheNamesThatTheyHaveInTheFile() throws IOException {
    var file = exported("x-transformers/decoder", GraphRequest.main());
    var nodes = ModelFile.read(file).proto().getGraph().getNodeList();
    var names = nodes.stream().flatMap(node -> node.getOutputList().stream()).toList();
    assertTrue(twin(file, OF_FILE).values().containsAll(names), names.toString());
  }
}
