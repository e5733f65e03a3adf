package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.StateTensor;
import ai.transonnx.graph.CacheType;
import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.ModelVerification;
import ai.transonnx.verification.Tolerance;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A float32 file with a KV cache of a smaller type computes what the file with a float32 cache
 * computes, to the roundings of the type, and passes its verification.
 */
class CacheTypesTest {
  private static final Path CASES = Path.of("cases");
  private static final Pattern CACHE =
      Pattern.compile("past_(pass_\\d+_)?(context_)?(keys|values|latents|linear_keys)_\\d+");
  private static final Pattern BLOCK_CACHE = Pattern.compile("past_(xl_memory|block)_\\d+");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> loopsOfEachClassAgree() {
    var classes = new HashSet<String>();
    return withCache(CASES)
        .filter(golden -> classes.add(className(golden)))
        .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> assertLoopsAgree(golden)));
  }

  private static String className(CaseFolder golden) {
    return golden.library() + " " + golden.architecture().className();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-transformers/decoder",
        "FLASH-pytorch/flash-causal",
        "block-recurrent-transformer-pytorch/base"
      })
  void aFileOfEachLibraryPasses(String name) {
    assertPasses(CaseFolder.read(CASES.resolve(name)));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> ofAllCases() {
    return tests(withCache(CASES));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> ofReleases() {
    return tests(withCache(Path.of("releases")));
  }

  private Stream<DynamicTest> tests(Stream<CaseFolder> cases) {
    return cases.map(
        golden ->
            DynamicTest.dynamicTest(
                golden.name(),
                () -> {
                  assertLoopsAgree(golden);
                  assertPasses(golden);
                }));
  }

  private static Stream<CaseFolder> withCache(Path cases) {
    return CaseFolder.below(cases).stream()
        .map(CaseFolder::read)
        .filter(CaseLoops::canLoop)
        .filter(
            golden ->
                state(golden, CaseLoops.request(golden)).stream()
                    .anyMatch(CacheTypesTest::isCache));
  }

  private static List<StateTensor> state(CaseFolder golden, GraphRequest request) {
    return golden.architecture().build(request).state();
  }

  private static boolean isCache(StateTensor tensor) {
    return CACHE.matcher(tensor.input()).matches() || BLOCK_CACHE.matcher(tensor.input()).matches();
  }

  private void assertLoopsAgree(CaseFolder golden) {
    var wide = folder.resolve("float32.onnx");
    golden.export(CaseLoops.request(golden), wide);
    for (var type : CacheType.values()) {
      assertLoopsAgree(wide, exported(golden, type));
    }
  }

  private void assertPasses(CaseFolder golden) {
    for (var type : CacheType.values()) {
      var file = exported(golden, type);
      ModelVerification.builder(file).on("cpu:all:threads=1").build().run().assertPassed();
    }
  }

  private Path exported(CaseFolder golden, CacheType type) {
    var file = folder.resolve("%s.onnx".formatted(type));
    golden.export(withCache(CaseLoops.request(golden), type), file);
    return file;
  }

  private static GraphRequest withCache(GraphRequest request, CacheType type) {
    return request.toBuilder().emit(request.emit().withCacheType(type)).build();
  }

  private static void assertLoopsAgree(Path wide, Path narrow) {
    var options = ModelOptions.builder().threads(1).build();
    try (var expected = OnnxModel.load(wide, options);
        var actual = OnnxModel.load(narrow, options)) {
      int length = Math.min(12, expected.metadata().longestCall());
      try (var first = new CaseLoops(expected, length).start(ContextOverflow.RECOMPUTE);
          var second = new CaseLoops(actual, length).start(ContextOverflow.RECOMPUTE)) {
        int split = Math.max(1, length / 2);
        for (int position = 0; position < length; position = Math.max(split, position + 1)) {
          int end = Math.max(split, position + 1);
          first.feed(position, end, new Cancellation());
          second.feed(position, end, new Cancellation());
          assertClose(first.out().doubles(), second.out().doubles());
        }
      }
    }
  }

  private static void assertClose(double[] expected, double[] actual) {
    double largest = DoubleStream.of(expected).map(Math::abs).max().orElseThrow();
    assertArrayEquals(expected, actual, Tolerance.of(Precision.FLOAT16).of(largest));
  }

  @Test
  void onlyKeysAndValuesAreSmaller() {
    var golden = CaseFolder.read(CASES.resolve("x-transformers/decoder"));
    var request = CaseLoops.request(golden);
    var types = state(golden, withCache(request, CacheType.FLOAT16));
    assertTrue(types.stream().anyMatch(CacheTypesTest::isCache));
    for (var tensor : types) {
      assertEquals(
          isCache(tensor),
          tensor.type() == CacheType.FLOAT16.elements(),
          () -> tensor.input() + " " + tensor.type());
    }
  }
}
