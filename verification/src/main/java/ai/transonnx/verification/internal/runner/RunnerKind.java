package ai.transonnx.verification.internal.runner;

import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerOptions;

/**
 * A kind of runtime: the first part of a name. Immutable, so threads may share it.
 *
 * @param target the form of the part after the first colon, such as {@code :VERSION}; in brackets
 *     if it may be left out; empty if there is none
 * @param settings whether a level of optimization and a number of threads may follow
 */
public record RunnerKind(String name, String target, Settings settings, Opener opener) {
  /** The settings that a name may have. */
  public enum Settings {
    NONE,
    LEVEL_AND_THREADS
  }

  /** Opens a runtime of this kind, as {@code Runners.open} describes. */
  @FunctionalInterface
  public interface Opener {
    ModelRunner open(RunnerName name, RunnerOptions options);
  }

  /** A kind whose names have nothing but a level and threads. */
  static RunnerKind tuned(String name, Opener opener) {
    return tuned(name, "", opener);
  }

  static RunnerKind tuned(String name, String target, Opener opener) {
    return new RunnerKind(name, target, Settings.LEVEL_AND_THREADS, opener);
  }

  static RunnerKind fixed(String name, String target, Opener opener) {
    return new RunnerKind(name, target, Settings.NONE, opener);
  }

  boolean needsTarget() {
    return target.startsWith(":");
  }

  boolean takesTarget() {
    return !target.isEmpty();
  }

  /** Such as {@code cuda[:N][:LEVEL][:threads=N]}. */
  String form() {
    return name + target + (settings == Settings.NONE ? "" : "[:LEVEL][:threads=N]");
  }
}
