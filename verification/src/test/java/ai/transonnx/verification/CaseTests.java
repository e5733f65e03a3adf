package ai.transonnx.verification;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Model;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/**
 * The checks of case folders as JUnit's dynamic tests, a container for each case.
 *
 * @param cases the folder that has the case folders
 * @param scratch a folder for exported files
 * @param loader loads the exported models
 */
public record CaseTests(Path cases, Path scratch, CaseModel.Loader loader) {
  /** A sample of every build has each case whose number is divisible by this one. */
  private static final int INTERVAL = 15;

  /** Every case. */
  public Stream<DynamicContainer> all(EmitOptions options) {
    return all(options, path -> true);
  }

  /** Every case whose folder is selected. */
  public Stream<DynamicContainer> all(EmitOptions options, Predicate<Path> selected) {
    return CaseFolder.below(cases).stream()
        .filter(selected)
        .map(path -> container(path, options, UnaryOperator.identity()));
  }

  /** The cases of {@link #sample(Path)}. */
  public Stream<DynamicContainer> sample(EmitOptions options) {
    return sample(options, INTERVAL);
  }

  /** The cases of {@link #sample(Path, int)}. */
  public Stream<DynamicContainer> sample(EmitOptions options, int interval) {
    return sample(cases, interval).stream()
        .map(path -> container(path, options, UnaryOperator.identity()));
  }

  /** The first case of each class, and some others: a fifteenth of all in a folder. */
  public static List<Path> sample(Path cases) {
    return sample(cases, INTERVAL);
  }

  /** The first case of each class, and every case whose number is divisible by {@code interval}. */
  public static List<Path> sample(Path cases, int interval) {
    var all = CaseFolder.below(cases);
    var sample = new TreeSet<>(ofEachClass(all));
    for (int i = 0; i < all.size(); i += interval) {
      sample.add(all.get(i));
    }
    return List.copyOf(sample);
  }

  /**
   * The first case of each class.
   *
   * @param changed rewrites a model before it is exported
   */
  public Stream<DynamicContainer> ofEachClass(EmitOptions options, UnaryOperator<Model> changed) {
    return ofEachClass(CaseFolder.below(cases)).stream()
        .map(path -> container(path, options, changed));
  }

  /** The folder of the first case of each class. */
  public static List<Path> firstOfEachClass(Path cases) {
    return ofEachClass(CaseFolder.below(cases));
  }

  private static List<Path> ofEachClass(List<Path> cases) {
    var classes = new HashSet<String>();
    return cases.stream().filter(path -> classes.add(className(path))).toList();
  }

  private static String className(Path path) {
    var folder = CaseFolder.read(path);
    return folder.library() + " " + folder.architecture().className();
  }

  private DynamicContainer container(Path path, EmitOptions options, UnaryOperator<Model> changed) {
    var folder = CaseFolder.read(path);
    var own = scratch.resolve(folder.name().replace('/', '-'));
    assertTrue(own.toFile().mkdirs());
    var checks = new CaseChecks(folder, own, loader, options, changed);
    return DynamicContainer.dynamicContainer(
        folder.name(), checks.all().stream().map(CaseTests::test).onClose(checks::close));
  }

  private static DynamicTest test(Check check) {
    return DynamicTest.dynamicTest(
        check.name(),
        () -> {
          var comparison = check.run();
          assertTrue(comparison.agrees(), comparison.description());
        });
  }
}
