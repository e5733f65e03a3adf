package ai.transonnx.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.transonnx.format.internal.JvmEnd;
import ai.transonnx.runtime.LoopState;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Commands that are ended by signals, at random moments of their start, load and run; {@code
 * -Dtransonnx.signals=N} sets their number, {@code -Dtransonnx.seed=N} other moments, and {@code
 * -Dtransonnx.latest=N} the last of these in milliseconds.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class SignalsTest {
  private static final int SIGNALS = Integer.getInteger("transonnx.signals", 8);
  private static final Random RANDOM = new Random(Long.getLong("transonnx.seed", 11));
  private static final int LATEST_MILLIS = Integer.getInteger("transonnx.latest", 1500);

  private static final Path GOLDEN = Path.of("../golden-tests");
  private static final Path STATEFUL = GOLDEN.resolve("cases/x-transformers/greedy-rotary");
  private static final Path TRAINED = GOLDEN.resolve("trained/token-shift-gpt/bible");

  @TempDir private Path folder = Path.of("");

  enum Signal {
    INT(2),
    TERM(15);

    private final int number;

    Signal(int number) {
      this.number = number;
    }

    /** The status of a process that the signal has ended, as shells report it. */
    int status() {
      return 128 + number;
    }

    void send(Process process) throws Exception {
      var kill = new ProcessBuilder("kill", "-" + number, Long.toString(process.pid())).start();
      assertEquals(0, kill.waitFor(), "kill");
    }

    /** Background jobs of shells ignore some signals, and so do the processes that they start. */
    boolean isIgnored() throws IOException {
      var status = Path.of("/proc/self/status");
      return Files.exists(status)
          && Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .map(line -> new BigInteger(line.substring(line.indexOf(':') + 1).trim(), 16))
              .anyMatch(ignored -> ignored.testBit(number - 1));
    }
  }

  /** A program that runs until the signal, or for some seconds. */
  enum Work {
    GENERATE(Transonnx.class) {
      @Override
      List<String> arguments(Path model, Path output) {
        return List.of(
            "generate",
            model.toString(),
            "--tokens",
            "1,2,3",
            "--greedy",
            "--window",
            "keep",
            "--length",
            "1000000000");
      }
    },
    VERIFY(Transonnx.class) {
      @Override
      List<String> arguments(Path model, Path output) {
        return List.of("verify", "--cases", GOLDEN.resolve("cases").toString());
      }
    },
    EXPORT(Transonnx.class) {
      @Override
      List<String> arguments(Path model, Path output) {
        return List.of("export", "--case", TRAINED.toString(), "--output", output.toString());
      }
    },
    SAVE(SavedStates.class) {
      @Override
      List<String> arguments(Path model, Path output) {
        return List.of(model.toString(), output.toString());
      }
    };

    private final Class<?> main;

    Work(Class<?> main) {
      this.main = main;
    }

    abstract List<String> arguments(Path model, Path output);
  }

  /**
   * A process that gets a signal.
   *
   * @param place has the folders for temporary files and the output
   * @param millis the time from its start to the signal
   */
  private record Target(Work work, Process process, Path place, int millis) {
    static Target start(Work work, Path model, Path place) throws IOException {
      var temporary = Files.createDirectories(place.resolve("temporary"));
      var outputs = Files.createDirectories(place.resolve("outputs"));
      var command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                  "-Djava.io.tmpdir=" + temporary,
                  "-XX:ErrorFile=" + temporary.resolve("hs_err.log"),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path", ""),
                  work.main.getName()));
      command.addAll(work.arguments(model, outputs.resolve("output")));
      var builder = new ProcessBuilder(command);
      builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
      builder.redirectOutput(place.resolve("out").toFile());
      builder.redirectError(place.resolve("err").toFile());
      return new Target(work, builder.start(), place, RANDOM.nextInt(LATEST_MILLIS));
    }

    /** Signals the process at its moment, unless it has ended. */
    void end(Signal signal, long start) throws Exception {
      long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      if (!process.waitFor(Math.max(0, millis - elapsed), TimeUnit.MILLISECONDS)) {
        signal.send(process);
      }
    }

    void check(Signal signal, Path model) throws Exception {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ignores the signal");
      int status = process.exitValue();
      boolean isComplete = status == 0 && work == Work.EXPORT;
      assertTrue(isComplete || status == signal.status(), "status " + status + errors());
      assertEquals(List.of(), names("temporary"), "temporary files");
      if (work != Work.SAVE) { // which prints the exception that ends it
        assertEquals(List.of(), errors());
      }
      var lines = Files.readAllLines(place.resolve("out"), UTF_8);
      assertTrue(lines.stream().noneMatch(line -> line.startsWith("FAIL")), () -> lines.toString());
      checkOutput(model);
    }

    private List<String> errors() throws IOException {
      return Files.readAllLines(place.resolve("err"), UTF_8).stream()
          .filter(line -> !line.startsWith("transonnx: note: "))
          .filter(line -> !line.equals("transonnx: interrupted; nothing was written"))
          .toList();
    }

    private void checkOutput(Path model) throws IOException {
      var names = names("outputs");
      if (!names.isEmpty()) {
        assertEquals(List.of("output"), names);
        var output = place.resolve("outputs/output");
        try (var loaded = OnnxModel.load(work == Work.EXPORT ? output : model)) {
          if (work == Work.SAVE) {
            assertEquals(2, LoopState.read(output, loaded).position());
          }
        }
      }
    }

    private List<String> names(String folder) throws IOException {
      try (Stream<Path> files = Files.list(place.resolve(folder))) {
        return files.map(file -> String.valueOf(file.getFileName())).toList();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignalLeavesNothingBehind(Signal signal) throws Exception {
    assumeFalse(signal.isIgnored());
    var model = CommandRun.exported(STATEFUL, folder.resolve("model.onnx"), "--incremental");
    int works = Work.values().length;
    for (int round = 0; round < SIGNALS / works / Signal.values().length; round++) {
      long start = System.nanoTime();
      var targets = new ArrayList<Target>();
      try {
        for (var work : Work.values()) {
          targets.add(Target.start(work, model, folder.resolve(round + "-" + work)));
        }
        targets.sort(Comparator.comparingInt(Target::millis));
        for (var target : targets) {
          target.end(signal, start);
        }
        for (var target : targets) {
          target.check(signal, model);
        }
      } finally {
        targets.forEach(target -> target.process().destroyForcibly());
      }
    }
  }

  /** A program that saves the state of a loop again and again, until the JVM ends. */
  static final class SavedStates {
    private SavedStates() {}

    public static void main(String[] args) {
      try (var model = OnnxModel.load(Path.of(args[0]));
          var loop = TokenLoop.of(model)) {
        loop.feed(1, 2);
        while (!JvmEnd.hasBegun()) {
          loop.state().write(Path.of(args[1]));
        }
      }
    }
  }
}
