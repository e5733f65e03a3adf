package ai.transonnx.golden;

import ai.transonnx.graph.CacheType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Loops over the model of every golden case that is incremental. */
class CaseLoopsTest {
  private static final Path CASES = Path.of("cases");
  private static final int EXACT_PRODUCTS = 1;

  /** Cases of releases whose layers keep other state than keys and values, or other keys. */
  private static final List<String> RELEASES =
      List.of("2.3.1/selective", "2.26.4/rotary-xpos", "2.26.4/mla-memory");

  @TestFactory
  Stream<DynamicContainer> loops(@TempDir Path scratch) {
    return loops(
        Stream.concat(CaseTests.sample(CASES, 2).stream(), ReleaseCases.sample()), scratch);
  }

  @TestFactory
  Stream<DynamicContainer> loopsOfReleases(@TempDir Path scratch) {
    return loops(RELEASES.stream().map(Path.of("releases")::resolve), scratch);
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicContainer> loopsOfAllCases(@TempDir Path scratch) {
    return loops(Stream.concat(CaseFolder.below(CASES).stream(), ReleaseCases.others()), scratch);
  }

  private static Stream<DynamicContainer> loops(Stream<Path> folders, Path scratch) {
    return folders
        .map(CaseFolder::read)
        .filter(CaseLoops::canLoop)
        .map(
            folder -> {
              var file = scratch.resolve("model.onnx");
              folder.export(CaseLoops.request(folder), file);
              return tests(folder.name(), file);
            });
  }

  /** Products are computed in float32, so that results do not depend on the number of rows. */
  @TestFactory
  Stream<DynamicContainer> loopsOverQuantizedModels(@TempDir Path scratch) {
    var quantization =
        Quantization.of(QuantizedType.INT4).withBlock(16).withAccuracyLevel(EXACT_PRODUCTS);
    return Stream.of("token-shift-gpt/base", "x-transformers/decoder")
        .map(name -> CaseFolder.read(CASES.resolve(name)))
        .flatMap(
            folder ->
                Stream.of(Target.PORTABLE, Target.ONNXRUNTIME)
                    .map(
                        target -> {
                          var file = scratch.resolve("%s.onnx".formatted(target));
                          var emit = EmitOptions.STANDARD.withTarget(target);
                          var request =
                              CaseLoops.request(folder).toBuilder()
                                  .emit(emit.withQuantization(quantization))
                                  .build();
                          folder.export(request, file);
                          return tests(folder.name() + " " + target, file);
                        }));
  }

  /** Single and shared steps round the same keys and values, so loops differ as in float32. */
  @TestFactory
  Stream<DynamicContainer> loopsWithCachesInFloat16(@TempDir Path scratch) {
    return Stream.of(
            "x-transformers/decoder",
            "x-transformers/alibi",
            "FLASH-pytorch/transformer-causal",
            "block-recurrent-transformer-pytorch/base")
        .map(name -> CaseFolder.read(CASES.resolve(name)))
        .map(
            folder -> {
              var file = scratch.resolve("float16.onnx");
              var emit = EmitOptions.STANDARD.withCacheType(CacheType.FLOAT16);
              folder.export(CaseLoops.request(folder).toBuilder().emit(emit).build(), file);
              return tests(folder.name() + " float16", file);
            });
  }

  /**
   * Rows of one sequence and single positions are computed by one operator, others by several: with
   * positions of each kind, in windows that slide, and with keys that heads share.
   */
  @TestFactory
  Stream<DynamicContainer> loopsForOnnxRuntime(@TempDir Path scratch) {
    var emit = EmitOptions.STANDARD.withTarget(Target.ONNXRUNTIME);
    return Stream.of(
            "x-transformers/decoder",
            "x-transformers/rotary",
            "x-transformers/one-kv-head",
            "x-transformers/qk-norm-scale")
        .map(name -> CaseFolder.read(CASES.resolve(name)))
        .map(
            folder -> {
              var file = scratch.resolve("onnxruntime.onnx");
              folder.export(CaseLoops.request(folder).toBuilder().emit(emit).build(), file);
              return tests(folder.name() + " for ONNX Runtime", file);
            });
  }

  private static DynamicContainer tests(String name, Path file) {
    var model =
        OnnxModel.load(
            file, ModelOptions.builder().threads(1).accuracyLevel(EXACT_PRODUCTS).build());
    var loops = new CaseLoops(model, InterruptedFeeds.LENGTH);
    var tests = new ArrayList<DynamicTest>();
    tests.add(
        DynamicTest.dynamicTest(
            "interrupted feeds are undone", new InterruptedFeeds(model, loops)::assertUndone));
    if (loops.haveTokens()) {
      tests.add(
          DynamicTest.dynamicTest(
              "batched rows equal single rows",
              new BatchedRows(model, loops)::assertEqualSingleRows));
      tests.add(
          DynamicTest.dynamicTest(
              "rows that join and leave equal single rows",
              new JoiningRows(model, loops)::assertEqualSingleRows));
      tests.add(
          DynamicTest.dynamicTest(
              "loops with reserved memory equal others",
              new ReservedLoops(model, loops)::assertEqualOthers));
      tests.add(
          DynamicTest.dynamicTest(
              "scheduled requests equal single requests",
              new ScheduledRequests(model, loops)::assertEqualSingleRequests));
      tests.add(
          DynamicTest.dynamicTest(
              "beam searches equal those of whole texts",
              new SearchedBeams(model, loops)::assertAreThoseOfWholeTexts));
      var continued = new ContinuedStates(model, loops, file.resolveSibling("loop.state"));
      tests.add(
          DynamicTest.dynamicTest("forks and restored states continue", continued::assertContinue));
    }
    return DynamicContainer.dynamicContainer(name, tests.stream().onClose(model::close));
  }
}
